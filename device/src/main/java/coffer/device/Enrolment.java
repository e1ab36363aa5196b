package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.core.log.AccountState;
import coffer.core.log.AuthorAccount;
import coffer.core.log.Control;
import coffer.core.log.DeviceState;
import coffer.core.log.Entry;
import coffer.core.log.Generation;
import coffer.core.log.Role;
import coffer.core.log.Wrap;
import coffer.seal.AccountBody;
import coffer.seal.AccountKeys;
import coffer.seal.DeviceKeys;
import coffer.seal.RandomSource;
import coffer.seal.Secret;
import coffer.seal.VaultGenesisBody;
import coffer.seal.VaultKeys;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the account entries that begin an account, let devices in, send them away and recover.
///
/// Reads states and makes entries; appending them is the caller's.
final class Enrolment {

    private Enrolment() {}

    /// An account's first entry, signed by the device and by the recovery key.
    static Entry genesis(DeviceKeys device, DeviceKeys recovery, String name, Clock clock) {
        EntryMaker maker = new EntryMaker(device, clock);
        try (Secret secret = Secret.random(RandomSource.secure());
                AccountKeys keys = AccountKeys.of(secret, 1)) {
            var generation = KeyRotation.generation(
                    new KeyRotation.Spot(null, 0, device.record().id()),
                    keys,
                    List.of(device.record(), recovery.record()),
                    null);
            return maker.make(
                    EntryMaker.Place.GENESIS,
                    1,
                    new Control.AccountGenesis(device.record(), recovery.record(), generation),
                    context -> keys.sealBody(context, new AccountBody.DeviceName(name).encode()),
                    recovery);
        }
    }

    /// Lets `device` in under the present generation; null if it is in already.
    static @Nullable Entry add(
            AccountLog log, DeviceKeys author, DeviceRecord device, Role role, String name, Clock clock)
            throws CofferException {
        AccountState state = log.state();
        if (state.activeDevice(device.id()).isPresent()) {
            return null;
        }
        EntryMaker maker = new EntryMaker(author, clock);
        AccountKeys keys = log.newestKeys();
        Wrap wrap;
        try (Secret secret = keys.secret()) {
            wrap = KeyRotation.wrapForDevice(spot(state, maker), secret, keys.generation(), device);
        }
        return maker.make(
                place(state),
                keys.generation(),
                new Control.DeviceAdded(device, role, wrap),
                context -> keys.sealBody(context, new AccountBody.DeviceName(name).encode()));
    }

    /// Sends devices away and starts a generation they do not know; null if none of them is active.
    static @Nullable Entry remove(AccountLog log, DeviceKeys author, List<DeviceId> removed, Clock clock)
            throws CofferException {
        AccountState state = log.state();
        List<DeviceId> active =
                removed.stream().filter(id -> state.activeDevice(id).isPresent()).sorted().toList();
        if (active.isEmpty()) {
            return null;
        }
        EntryMaker maker = new EntryMaker(author, clock);
        List<DeviceRecord> recipients = recipients(state, active, null);
        return inNewGeneration(log, maker, recipients, (generation, keys) -> maker.make(
                place(state),
                keys.generation(),
                new Control.DeviceRemoved(active, generation),
                EntryMaker.NO_BODY));
    }

    /// The recovery key lets `device` in, sends `removed` away and starts a generation.
    static Entry recover(
            AccountLog log,
            DeviceKeys recovery,
            DeviceRecord device,
            String name,
            List<DeviceId> removed,
            Clock clock)
            throws CofferException {
        AccountState state = log.state();
        EntryMaker maker = new EntryMaker(recovery, clock);
        List<DeviceId> leaving = removed.stream().sorted().toList();
        return inNewGeneration(log, maker, recipients(state, leaving, device), (generation, keys) -> maker.make(
                place(state),
                keys.generation(),
                new Control.Recovered(device, leaving, generation),
                context -> keys.sealBody(context, new AccountBody.DeviceName(name).encode())));
    }

    /// Which vaults the account has, for devices that come later.
    static Entry settings(AccountLog log, DeviceKeys author, AccountBody body, Clock clock) throws CofferException {
        EntryMaker maker = new EntryMaker(author, clock);
        AccountKeys keys = log.newestKeys();
        return maker.make(
                place(log.state()),
                keys.generation(),
                new Control.Settings(),
                context -> keys.sealBody(context, body.encode()));
    }

    /// A vault's first entry, owned by `owner`.
    static Entry vaultGenesis(AccountState owner, DeviceKeys keys, String region, String name, Clock clock) {
        EntryMaker maker = new EntryMaker(keys, clock);
        try (Secret secret = Secret.random(RandomSource.secure());
                Secret dedup = Secret.random(RandomSource.secure());
                VaultKeys first = VaultKeys.of(secret, 1);
                VaultGenesisBody body = VaultGenesisBody.of(dedup, name)) {
            var epoch =
                    KeyRotation.epoch(new KeyRotation.Spot(null, 0, keys.record().id()), first, owner, null);
            byte[] plain = body.encode();
            try {
                return maker.make(
                        EntryMaker.Place.GENESIS,
                        new AuthorAccount(owner.id(), owner.head()),
                        1,
                        List.of(),
                        List.of(),
                        new Control.VaultGenesis(owner.id(), region, epoch),
                        context -> first.sealBody(context, plain));
            } finally {
                Arrays.fill(plain, (byte) 0);
            }
        }
    }

    private interface InGeneration {
        Entry make(Generation generation, AccountKeys keys);
    }

    private static Entry inNewGeneration(
            AccountLog log, EntryMaker maker, List<DeviceRecord> recipients, InGeneration entry)
            throws CofferException {
        AccountState state = log.state();
        long number = state.generation().number() + 1;
        try (Secret secret = Secret.random(RandomSource.secure());
                AccountKeys next = AccountKeys.of(secret, number)) {
            return entry.make(
                    KeyRotation.generation(spot(state, maker), next, recipients, log.newestKeys()), next);
        }
    }

    private static List<DeviceRecord> recipients(
            AccountState state, List<DeviceId> without, @Nullable DeviceRecord with) {
        List<DeviceRecord> recipients = new ArrayList<>();
        recipients.add(state.recovery());
        for (DeviceState device : state.devices().values()) {
            if (device.isActive() && !without.contains(device.record().id())) {
                recipients.add(device.record());
            }
        }
        if (with != null) {
            recipients.add(with);
        }
        return recipients;
    }

    private static KeyRotation.Spot spot(AccountState state, EntryMaker maker) {
        return new KeyRotation.Spot(state.id(), state.head().sequence() + 1, maker.author());
    }

    private static EntryMaker.Place place(AccountState state) {
        return new EntryMaker.Place(state.id(), state.head());
    }

    /// @throws CofferException ENROLMENT if the name cannot name a device
    static String requireName(String name) throws CofferException {
        String stripped = name.strip();
        boolean plain = stripped.codePoints().noneMatch(Character::isISOControl);
        if (stripped.isEmpty() || stripped.length() > 64 || !plain) {
            throw new CofferException(
                    ErrorCode.ENROLMENT, "a device's name has 1 to 64 characters, none of them a control character");
        }
        return stripped;
    }
}
