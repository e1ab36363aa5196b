package coffer.core.log;

import coffer.core.CborException;

/// What a device may do in its account's name.
public enum Role {
    /// Everything.
    FULL(1),
    /// Open and read; append nothing.
    READ_ONLY(2),
    /// Add new nodes to vaults; change, remove or release nothing (a camera, a backup job).
    APPEND_ONLY(3);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Role of(long code) throws CborException {
        for (Role role : values()) {
            if (role.code == code) {
                return role;
            }
        }
        throw new CborException("unknown role");
    }
}
