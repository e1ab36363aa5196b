package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Limits;
import coffer.core.LogId;
import java.util.ArrayList;
import java.util.List;

/// The bodies of account entries that have one: the name of the device that comes, or the account's settings.
public sealed interface AccountBody {

    byte[] encode();

    /// In genesis, device-added and recovered: what the person calls the device.
    ///
    /// @param name 1 to 255 bytes of UTF-8
    record DeviceName(String name) implements AccountBody {
        public DeviceName {
            if (!Names.isText(name, Limits.NAME_BYTES_MAX)) {
                throw new IllegalArgumentException("not the name of a device");
            }
        }

        @Override
        public byte[] encode() {
            return new CborWriter().map(1).integer(1).text(name).toByteArray();
        }
    }

    /// In settings entries: the account's vaults, all of them each time, by ascending id.
    record Settings(List<Vault> vaults) implements AccountBody {
        public Settings {
            vaults = Canonical.sorted(vaults, Vault::log);
            if (vaults.size() > Limits.VAULTS_MAX) {
                throw new IllegalArgumentException("too many vaults");
            }
        }

        @Override
        public byte[] encode() {
            CborWriter out = new CborWriter().map(1).integer(2).array(vaults.size());
            vaults.forEach(vault -> out.array(3)
                    .bytes(vault.log().value())
                    .text(vault.name())
                    .integer(vault.kind().code()));
            return out.toByteArray();
        }
    }

    /// @param name what this account calls the vault
    record Vault(LogId log, String name, VaultKind kind) {
        public Vault {
            if (!Names.isText(name, Limits.NAME_BYTES_MAX)) {
                throw new IllegalArgumentException("not the name of a vault");
            }
        }
    }

    /// What a vault is to the account. Numbers are part of the format.
    enum VaultKind {
        /// The one that every account has.
        HOME(1),
        /// Any other of its own.
        OWN(2);

        private final int code;

        VaultKind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static AccountBody decode(byte[] encoded) throws CborException {
        CborReader in = new CborReader(encoded);
        var keys = in.map(1);
        long key = keys.key();
        AccountBody body =
                switch ((int) Math.min(key, 3)) {
                    case 1 -> new DeviceName(text(in));
                    case 2 -> readSettings(in);
                    default -> throw new CborException("unknown map key");
                };
        keys.end();
        in.end();
        return body;
    }

    private static Settings readSettings(CborReader in) throws CborException {
        List<Vault> vaults = new ArrayList<>();
        for (int left = in.array(Limits.VAULTS_MAX); left > 0; left--) {
            in.arrayOf(3);
            LogId log = new LogId(in.bytesOf(LogId.SIZE));
            if (!vaults.isEmpty() && vaults.getLast().log().compareTo(log) >= 0) {
                throw new CborException("not in ascending order");
            }
            String name = text(in);
            vaults.add(new Vault(log, name, in.integer(1, 2) == 1 ? VaultKind.HOME : VaultKind.OWN));
        }
        return new Settings(vaults);
    }

    private static String text(CborReader in) throws CborException {
        String text = in.text(Limits.NAME_BYTES_MAX);
        if (!Names.isText(text, Limits.NAME_BYTES_MAX)) {
            throw new CborException("not a name");
        }
        return text;
    }
}
