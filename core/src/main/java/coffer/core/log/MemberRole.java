package coffer.core.log;

import coffer.core.CborException;

/// What an account may do in a vault.
public enum MemberRole {
    /// Change content, members, epochs and residency.
    OWNER(1),
    /// Change content.
    WRITER(2),
    /// Read.
    READER(3);

    private final int code;

    MemberRole(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static MemberRole of(long code) throws CborException {
        for (MemberRole role : values()) {
            if (role.code == code) {
                return role;
            }
        }
        throw new CborException("unknown member role");
    }
}
