package coffer.core.log;

import coffer.core.CofferException;
import coffer.core.LogId;

/// Finds what a vault's entries refer to: the state of an account at a head.
@FunctionalInterface
public interface AccountResolver {

    /// The verified state of `account` at `head`.
    ///
    /// @throws CofferException CHAIN if the account's log does not go through that head; UNAVAILABLE if it cannot be
    ///     had now
    AccountState resolve(LogId account, Head head) throws CofferException;
}
