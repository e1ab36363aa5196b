package coffer.core.log;

import coffer.core.LogId;

/// The account in whose name a device writes to a vault, and the account's head at which it was active.
public record AuthorAccount(LogId account, Head head) {}
