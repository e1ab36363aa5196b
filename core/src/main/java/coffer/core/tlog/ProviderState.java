package coffer.core.tlog;

import coffer.core.CborException;
import java.util.Set;

/// Where a provider stands, from being looked at to being gone. Numbers are part of the format.
public enum ProviderState {
    CANDIDATE(1),
    /// Under evaluation.
    EVALUATING(2),
    /// It passed an evaluation.
    QUALIFIED(3),
    /// It gets new packs.
    ACTIVE(4),
    /// It gets no new packs and what it has moves elsewhere; reads go on.
    DRAINING(5),
    /// It holds nothing more and never comes back under this id.
    RETIRED(6),
    /// It gets no new packs until the operator decides; reads go on.
    SUSPENDED(7);

    private final int code;

    ProviderState(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    static ProviderState of(long code) throws CborException {
        for (ProviderState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        throw new CborException("unknown state of a provider");
    }

    /// Where it may go from here. Staying is no change, except that an active one may get another share.
    public Set<ProviderState> successors() {
        return switch (this) {
            case CANDIDATE -> Set.of(EVALUATING, ACTIVE, SUSPENDED, RETIRED);
            case EVALUATING -> Set.of(CANDIDATE, QUALIFIED, SUSPENDED, RETIRED);
            case QUALIFIED -> Set.of(EVALUATING, ACTIVE, SUSPENDED, RETIRED);
            case ACTIVE -> Set.of(ACTIVE, DRAINING, SUSPENDED);
            case DRAINING -> Set.of(ACTIVE, SUSPENDED, RETIRED);
            case SUSPENDED -> Set.of(EVALUATING, ACTIVE, DRAINING, RETIRED);
            case RETIRED -> Set.of();
        };
    }

    /// Whether devices may send new packs to it.
    public boolean takesPacks() {
        return this == ACTIVE;
    }

    /// Whether devices may read packs from it.
    public boolean servesPacks() {
        return switch (this) {
            case ACTIVE, DRAINING, SUSPENDED -> true;
            case CANDIDATE, EVALUATING, QUALIFIED, RETIRED -> false;
        };
    }
}
