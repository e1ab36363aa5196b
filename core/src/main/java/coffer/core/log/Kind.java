package coffer.core.log;

import coffer.core.CborException;

/// The kinds of entries. Numbers are part of the format.
public enum Kind {
    ACCOUNT_GENESIS(1),
    DEVICE_ADDED(2),
    DEVICE_REMOVED(3),
    GENERATION(4),
    SETTINGS(5),
    RECOVERED(6),
    VAULT_GENESIS(16),
    COMMIT(17),
    EPOCH(18),
    RESIDENCY(19),
    SNAPSHOT(20);

    private static final int FIRST_OF_VAULT = 16;
    private final int code;

    Kind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// Whether such entries stand in vault logs; the others stand in account logs.
    public boolean isOfVault() {
        return code >= FIRST_OF_VAULT;
    }

    public boolean isGenesis() {
        return this == ACCOUNT_GENESIS || this == VAULT_GENESIS;
    }

    /// Whether a reader that starts from a snapshot may skip the body: it then knows the outcome from the snapshot.
    public boolean mayComeWithoutBody() {
        return this == COMMIT || this == SNAPSHOT;
    }

    static Kind of(long code) throws CborException {
        for (Kind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new CborException("unknown kind of entry");
    }
}
