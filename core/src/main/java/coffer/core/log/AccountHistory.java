package coffer.core.log;

import coffer.core.CofferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An account's states after each of its entries, so that a vault's entry can be judged by the state its author knew.
///
/// Account logs are short (one entry for each change of devices), so all states are kept; they share their parts.
/// Not safe for use by several threads.
public final class AccountHistory {

    private final List<AccountState> states = new ArrayList<>();

    /// Begins from a verified genesis.
    public AccountHistory(Entry genesis) throws CofferException {
        states.add(AccountState.begin(genesis));
    }

    /// Verifies and adds the next entry; on failure nothing changes.
    public AccountState append(Entry entry) throws CofferException {
        AccountState next = latest().apply(entry);
        states.add(next);
        return next;
    }

    public AccountState latest() {
        return states.getLast();
    }

    /// The state at `head`, if this history goes through it.
    public Optional<AccountState> at(Head head) {
        if (head.sequence() >= states.size()) {
            return Optional.empty();
        }
        return Optional.of(states.get((int) head.sequence())).filter(state -> state.head().equals(head));
    }
}
