package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.seal.AccountBody;
import coffer.seal.OpenException;
import java.util.Optional;

/// What the sealed bodies of an account's log say: the names of its devices, and which vaults it has.
final class AccountNotes {

    private AccountNotes() {}

    /// The name a device was let in under.
    static String deviceName(AccountLog log, DeviceId device) throws CofferException {
        if (device.equals(log.state().recovery().id())) {
            return "recovery words";
        }
        var state = log.state().devices().get(device);
        if (state == null) {
            return "unknown";
        }
        return body(log, log.entry(state.addedAt())) instanceof AccountBody.DeviceName(String name) ? name : "unnamed";
    }

    /// The vault that every account has.
    static LogId homeVault(AccountLog log) throws CofferException {
        for (Entry entry : log.entries().reversed()) {
            if (entry.header().control() instanceof Control.Settings) {
                Optional<LogId> home = homeIn(body(log, entry));
                if (home.isPresent()) {
                    return home.get();
                }
            }
        }
        throw new CofferException(ErrorCode.ENROLMENT, "the account was never finished; it holds nothing");
    }

    private static Optional<LogId> homeIn(AccountBody body) {
        return switch (body) {
            case AccountBody.DeviceName _ -> Optional.empty();
            case AccountBody.Settings(var vaults) -> vaults.stream()
                    .filter(vault -> vault.kind() == AccountBody.VaultKind.HOME)
                    .map(AccountBody.Vault::log)
                    .findFirst();
        };
    }

    private static AccountBody body(AccountLog log, Entry entry) throws CofferException {
        try {
            byte[] opened = log.keysOf(entry.header().period())
                    .openBody(entry.header().sealContext(), entry.body());
            return AccountBody.decode(opened);
        } catch (OpenException | CborException e) {
            throw new CofferException(ErrorCode.INTEGRITY, "a sealed note in the account's log does not open", e);
        }
    }
}
