package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.core.log.AccountState;
import coffer.core.log.DeviceState;
import coffer.core.log.Entry;
import coffer.core.log.Role;
import coffer.device.Device.DeviceInfo;
import coffer.device.Device.Invitation;
import coffer.device.Device.JoinRequest;
import coffer.device.Device.KeyHolder;
import coffer.seal.DeviceKeys;
import coffer.seal.JoinCode;
import coffer.seal.RandomSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Who belongs to the account: invites devices, lets them in, sends them away, and says who holds keys.
///
/// Everything it says is computed from the verified log. One invitation at a time.
final class Membership implements AutoCloseable {

    private static final Duration INVITATION_LIFE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofSeconds(10);

    private final ReentrantLock lock;
    private final AccountSync account;
    private final Vault vault;
    private final ServiceApi service;
    private final LogWatchStore transparency;
    private final DeviceKeys keys;
    private final Clock clock;
    private final Map<DeviceId, String> names = new ConcurrentHashMap<>();

    private record Open(JoinCode code, Instant expires, byte @Nullable [] sealedRequest) {}

    private @Nullable Open open; // guarded by this

    Membership(
            ReentrantLock lock,
            AccountSync account,
            Vault vault,
            ServiceApi service,
            LogWatchStore transparency,
            DeviceKeys keys,
            Clock clock) {
        this.lock = lock;
        this.account = account;
        this.vault = vault;
        this.service = service;
        this.transparency = transparency;
        this.keys = keys;
        this.clock = clock;
    }

    synchronized Invitation invite() throws CofferException {
        forgetInvitation();
        JoinCode code = JoinCode.generate(RandomSource.secure());
        service.putMail(code.mailboxId().hex(), JoinMessages.SLOT_HELLO, JoinMessages.sealHello(code));
        Instant expires = clock.instant().plus(INVITATION_LIFE);
        open = new Open(code, expires, null);
        return new Invitation(code.text(), expires);
    }

    /// Waits for the one message that this invitation takes; one that does not open ends it.
    Optional<JoinRequest> awaitJoinRequest(Progress progress) throws CofferException {
        while (!progress.cancelled()) {
            Open invitation = invitation();
            if (clock.instant().isAfter(invitation.expires())) {
                forgetInvitation();
                return Optional.empty();
            }
            progress.update("waiting for the new device", 0, -1, Progress.Unit.ENTRIES);
            Optional<byte[]> sealed =
                    service.mail(invitation.code().mailboxId().hex(), JoinMessages.SLOT_REQUEST, POLL);
            if (sealed.isPresent()) {
                return Optional.of(take(invitation, sealed.get()));
            }
        }
        return Optional.empty();
    }

    private synchronized JoinRequest take(Open invitation, byte[] sealed) throws CofferException {
        try {
            JoinMessages.Request request = JoinMessages.openRequest(invitation.code(), sealed);
            open = new Open(invitation.code(), invitation.expires(), sealed.clone());
            return new JoinRequest(
                    Enrolment.requireName(request.name()), request.device().id().hex());
        } catch (CofferException e) {
            forgetInvitation();
            throw e;
        }
    }

    /// Signs exactly the device that made the request, rather than what `accepted` says; they must agree.
    synchronized void approve(JoinRequest accepted) throws CofferException {
        Open invitation = invitation();
        byte[] sealedRequest = invitation.sealedRequest();
        if (sealedRequest == null) {
            throw new CofferException(ErrorCode.ENROLMENT, "no device has asked to join");
        }
        JoinMessages.Request request = JoinMessages.openRequest(invitation.code(), sealedRequest);
        if (!request.device().id().hex().equals(accepted.deviceId())) {
            throw new CofferException(ErrorCode.ENROLMENT, "another device asked to join");
        }
        String name = freeName(Enrolment.requireName(request.name()));
        lock.lock();
        try {
            account.append(log -> Enrolment.add(log, keys, request.device(), Role.FULL, name, clock));
            vault.refresh();
            byte[] answer = JoinMessages.sealAnswer(
                    invitation.code(),
                    sealedRequest,
                    new JoinMessages.Answer(
                            account.state().id(),
                            account.state().head(),
                            vault.id(),
                            vault.state().head(),
                            transparency.kept().map(kept -> kept.key().text()).orElse("")));
            service.putMail(invitation.code().mailboxId().hex(), JoinMessages.SLOT_ANSWER, answer);
        } finally {
            lock.unlock();
            forgetInvitation();
        }
    }

    private synchronized Open invitation() throws CofferException {
        Open present = open;
        if (present == null) {
            throw new CofferException(ErrorCode.ENROLMENT, "there is no open invitation; make a new code");
        }
        return present;
    }

    private synchronized void forgetInvitation() {
        if (open != null) {
            open.code().close();
            open = null;
        }
    }

    /// Two devices of one name could not be told apart when one is to be removed.
    private String freeName(String wanted) throws CofferException {
        List<String> taken = devices().stream().filter(DeviceInfo::active).map(DeviceInfo::name).toList();
        String name = wanted;
        for (int number = 2; taken.contains(name); number++) {
            name = wanted + " " + number;
        }
        return name;
    }

    /// The public keys of the recovery words, as the account's log has them.
    DeviceRecord recovery() {
        lock.lock();
        try {
            return account.log().state().recovery();
        } finally {
            lock.unlock();
        }
    }

    List<DeviceInfo> devices() throws CofferException {
        lock.lock();
        try {
            List<DeviceInfo> devices = new ArrayList<>();
            for (DeviceState device : account.state().devices().values()) {
                DeviceId id = device.record().id();
                devices.add(new DeviceInfo(
                        id.hex(),
                        name(id),
                        roleName(device.role()),
                        Instant.ofEpochMilli(device.addedMs()),
                        device.isActive(),
                        id.equals(keys.record().id())));
            }
            devices.sort((a, b) -> a.added().compareTo(b.added()));
            return devices;
        } finally {
            lock.unlock();
        }
    }

    /// Removes the device with that name or that id, and rotates the vault before returning.
    void remove(String nameOrId) throws CofferException {
        lock.lock();
        try {
            account.refresh();
            DeviceInfo found = devices().stream()
                    .filter(DeviceInfo::active)
                    .filter(device -> device.name().equals(nameOrId) || device.id().equals(nameOrId))
                    .findFirst()
                    .orElseThrow(() -> new CofferException(
                            ErrorCode.NOT_AUTHORISED, "no active device of the account has that name"));
            if (found.self()) {
                throw new CofferException(
                        ErrorCode.NOT_AUTHORISED, "a device cannot remove itself; remove it from another one");
            }
            List<DeviceId> leaving = List.of(DeviceId.ofHex(found.id()));
            account.append(log -> Enrolment.remove(log, keys, leaving, clock));
            vault.rotateIfNeeded();
        } finally {
            lock.unlock();
        }
    }

    /// Every key that opens the vault today: those that the present generation is wrapped to.
    List<KeyHolder> who() throws CofferException {
        lock.lock();
        try {
            AccountState state = account.state();
            List<KeyHolder> holders = new ArrayList<>();
            for (DeviceState device : state.devices().values()) {
                if (device.isActive()) {
                    holders.add(holder(device.record().id(), Math.max(device.addedAt(), state.generationAt())));
                }
            }
            holders.add(holder(state.recovery().id(), state.generationAt()));
            return holders;
        } finally {
            lock.unlock();
        }
    }

    private KeyHolder holder(DeviceId id, long grantedAt) throws CofferException {
        Entry grant = account.log().entry(grantedAt);
        return new KeyHolder(
                name(id),
                id.hex(),
                Instant.ofEpochMilli(grant.header().timeMs()),
                account.state().id().hex() + "/" + grantedAt);
    }

    /// The name under which a device was let in.
    String name(DeviceId id) throws CofferException {
        String known = names.get(id);
        if (known != null) {
            return known;
        }
        lock.lock();
        try {
            String found = AccountNotes.deviceName(account.log(), id);
            names.put(id, found);
            return found;
        } finally {
            lock.unlock();
        }
    }

    private static String roleName(Role role) {
        return switch (role) {
            case FULL -> "full";
            case READ_ONLY -> "read-only";
            case APPEND_ONLY -> "append-only";
        };
    }

    @Override
    public void close() {
        forgetInvitation();
    }
}
