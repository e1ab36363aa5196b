package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.AccountState;
import coffer.core.log.DeviceState;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.tlog.ProviderDirectory;
import coffer.seal.AccountBody;
import coffer.seal.DeviceKeys;
import coffer.seal.JoinCode;
import coffer.seal.PassphraseSeal;
import coffer.seal.RandomSource;
import coffer.seal.RecoveryKey;
import coffer.seal.RecoveryPair;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Makes device homes: a new account, a device that joins one, a device that recovers one.
///
/// Nothing is left behind by a failure: the home becomes a device only when all of it is there.
public final class LocalDeviceSetup implements DeviceSetup {

    private static final Duration JOIN_WAIT = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final String HOME_VAULT = "Home";

    private final Clock clock;

    public LocalDeviceSetup() {
        this(Clock.systemUTC());
    }

    /// With another clock than the machine's.
    public LocalDeviceSetup(Clock clock) {
        this.clock = clock;
    }

    @Override
    public boolean exists(Path home) {
        return DeviceHome.exists(home);
    }

    @Override
    public Created create(Path home, URI service, String deviceName) throws CofferException {
        String name = Enrolment.requireName(deviceName);
        DeviceHome locked = begin(home);
        DeviceKeys keys = DeviceKeys.generate(RandomSource.secure());
        try (RecoveryKey recovery = RecoveryKey.generate(RandomSource.secure())) {
            note(locked, recovery);
            NewAccount made = createAccount(locked, service, keys, recovery, name);
            String words = String.join(" ", recovery.words());
            return new Created(finish(locked, keys, made.account(), made.vault(), service, name), words);
        } catch (CofferException | RuntimeException e) {
            abandon(locked, keys);
            throw e;
        }
    }

    private record NewAccount(LogId account, LogId vault) {}

    /// The account, its Home vault and the note of it, all at the service and in the replica.
    private NewAccount createAccount(
            DeviceHome home, URI service, DeviceKeys keys, RecoveryKey recovery, String name) throws CofferException {
        try (DeviceKeys paper = recovery.deviceKeys();
                HttpService api = new HttpService(service, home.trust(), null);
                ReplicaDb db = ReplicaDb.open(home.replicaFile());
                AccountLog log = new AccountLog(keys)) {
            LogWatch watch = new LogWatch(api, api, db);
            watch.update();
            String region = chosenRegion(watch);
            Entry genesis = Enrolment.genesis(keys, paper, name, clock);
            LogId account = new LogId(genesis.id().value());
            requireAccepted(api.append(account, genesis));
            AccountSync sync = new AccountSync(account, log, api, db);
            sync.keep(genesis);
            api.signInAs(new HttpService.Identity(account, keys.record().id(), keys.signingKey()));
            Entry vaultGenesis = Enrolment.vaultGenesis(log.state(), keys, region, HOME_VAULT, clock);
            LogId vault = new LogId(vaultGenesis.id().value());
            requireAccepted(api.append(vault, vaultGenesis));
            try (Vault made = new Vault(
                    vault, new ReentrantLock(), sync, api, db, new Replica(db, clock), keys, clock)) {
                made.apply(List.of(vaultGenesis));
            }
            AccountBody settings = new AccountBody.Settings(
                    List.of(new AccountBody.Vault(vault, HOME_VAULT, AccountBody.VaultKind.HOME)));
            sync.append(newest -> newest.state().head().sequence() > 0
                    ? null
                    : Enrolment.settings(newest, keys, settings, clock));
            return new NewAccount(account, vault);
        }
    }

    /// The first region in which a provider takes packs.
    private static String chosenRegion(LogWatch watch) throws CofferException {
        return watch.directory().providers().values().stream()
                .filter(provider -> provider.state().takesPacks())
                .map(ProviderDirectory.Provider::region)
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new CofferException(ErrorCode.RESIDENCY, "the service offers no region"));
    }

    @Override
    public Device join(Path home, URI service, String codeText, String deviceName, Progress progress)
            throws CofferException {
        String name = Enrolment.requireName(deviceName);
        DeviceHome locked = begin(home);
        DeviceKeys keys = DeviceKeys.generate(RandomSource.secure());
        try (JoinCode code = JoinCode.parse(codeText)) {
            JoinMessages.Answer answer;
            try (HttpService api = new HttpService(service, locked.trust(), null)) {
                answer = askToJoin(api, code, new JoinMessages.Request(keys.record(), name), progress);
            }
            try (HttpService api = signedIn(locked, service, answer.account(), keys)) {
                fetchAll(locked, api, keys, answer);
            }
            return finish(locked, keys, answer.account(), answer.vault(), service, name);
        } catch (CofferException | RuntimeException e) {
            abandon(locked, keys);
            throw e;
        }
    }

    private JoinMessages.Answer askToJoin(
            HttpService api, JoinCode code, JoinMessages.Request request, Progress progress) throws CofferException {
        String mailbox = code.mailboxId().hex();
        byte[] hello = api.mail(mailbox, JoinMessages.SLOT_HELLO, Duration.ZERO)
                .orElseThrow(() -> new CofferException(
                        ErrorCode.ENROLMENT, "no device waits under this code; it may be mistyped, used or expired"));
        JoinMessages.openHello(code, hello);
        byte[] sealedRequest = JoinMessages.sealRequest(code, request);
        api.putMail(mailbox, JoinMessages.SLOT_REQUEST, sealedRequest);
        long deadline = clock.millis() + JOIN_WAIT.toMillis();
        while (clock.millis() < deadline && !progress.cancelled()) {
            progress.update("waiting for the other device to say yes", 0, -1, Progress.Unit.ENTRIES);
            Optional<byte[]> answer = api.mail(mailbox, JoinMessages.SLOT_ANSWER, POLL);
            if (answer.isPresent()) {
                return JoinMessages.openAnswer(code, sealedRequest, answer.get());
            }
        }
        throw new CofferException(ErrorCode.ENROLMENT, "the other device did not say yes in time");
    }

    /// Fetches and verifies both logs, and requires that they go through the heads that the other device named.
    private void fetchAll(DeviceHome home, HttpService api, DeviceKeys keys, JoinMessages.Answer expected)
            throws CofferException {
        try (ReplicaDb db = ReplicaDb.open(home.replicaFile());
                AccountLog log = new AccountLog(keys)) {
            LogWatch watch = new LogWatch(api, api, db);
            if (!expected.logKey().isEmpty()) {
                watch.pin(expected.logKey());
            }
            watch.update();
            AccountSync account = new AccountSync(expected.account(), log, api, db);
            account.refresh();
            requireThrough(db, expected.account(), expected.accountHead());
            if (log.state().activeDevice(keys.record().id()).isEmpty()) {
                throw new CofferException(ErrorCode.ENROLMENT, "the account's log does not name this device");
            }
            try (Vault vault = new Vault(
                            expected.vault(), new ReentrantLock(), account, api, db, new Replica(db, clock), keys, clock);
                    SnapshotPacks packs = new SnapshotPacks(api, watch, expected.vault())) {
                vault.mayStartFromSnapshot(packs::in, Snapshots.EVERY);
                vault.refresh();
                requireThrough(db, expected.vault(), expected.vaultHead());
            }
        }
    }

    private static void requireThrough(ReplicaDb db, LogId log, Head head) throws CofferException {
        boolean through = new LogStore(db)
                .entry(log, head.sequence())
                .filter(entry -> entry.id().equals(head.id()))
                .isPresent();
        if (!through) {
            throw new CofferException(ErrorCode.ROLLBACK, "the service serves an older log than the other device knows");
        }
    }

    @Override
    public Device recover(
            Path home, URI service, String words, String deviceName, Keep keep, Progress progress)
            throws CofferException {
        String name = Enrolment.requireName(deviceName);
        DeviceHome locked = begin(home);
        DeviceKeys keys = DeviceKeys.generate(RandomSource.secure());
        try (RecoveryKey recovery = RecoveryKey.parse(words);
                DeviceKeys paper = recovery.deviceKeys()) {
            note(locked, recovery);
            LogId account;
            try (HttpService api = new HttpService(service, locked.trust(), null)) {
                account = api.findAccount(paper.record().id())
                        .orElseThrow(() -> new CofferException(
                                ErrorCode.ENROLMENT, "the service knows no account with these words"));
            }
            LogId vault;
            try (HttpService api = signedIn(locked, service, account, paper)) {
                vault = enterByRecovery(locked, api, account, paper, keys, name, keep);
            }
            try (HttpService api = signedIn(locked, service, account, keys)) {
                rotateVault(locked, api, account, vault, keys);
            }
            return finish(locked, keys, account, vault, service, name);
        } catch (CofferException | RuntimeException e) {
            abandon(locked, keys);
            throw e;
        }
    }

    /// So that two of the words can be asked for now and then.
    private void note(DeviceHome home, RecoveryKey recovery) throws CofferException {
        RecoveryNote.of(RecoveryPair.of(recovery, RandomSource.secure()), clock.instant()).write(home.root());
    }

    private LogId enterByRecovery(
            DeviceHome home,
            HttpService api,
            LogId account,
            DeviceKeys paper,
            DeviceKeys keys,
            String name,
            Keep keep)
            throws CofferException {
        try (ReplicaDb db = ReplicaDb.open(home.replicaFile());
                AccountLog log = new AccountLog(paper)) {
            new LogWatch(api, api, db).update();
            AccountSync sync = new AccountSync(account, log, api, db);
            sync.refresh();
            if (!log.state().recovery().equals(paper.record())) {
                throw new CofferException(ErrorCode.ENROLMENT, "the service answers with another person's account");
            }
            LogId vault = AccountNotes.homeVault(log);
            sync.append(newest -> newest.state().activeDevice(keys.record().id()).isPresent()
                    ? null
                    : Enrolment.recover(newest, paper, keys.record(), name, leaving(newest, keep), clock));
            return vault;
        }
    }

    private static List<DeviceId> leaving(AccountLog log, Keep keep) throws CofferException {
        List<DeviceId> leaving = new ArrayList<>();
        List<String> named =
                switch (keep) {
                    case Keep.All _ -> List.of();
                    case Keep.None _ -> List.of();
                    case Keep.AllBut(List<String> names) -> names;
                };
        List<String> unknown = new ArrayList<>(named);
        for (DeviceState device : log.state().devices().values()) {
            if (!device.isActive()) {
                continue;
            }
            String name = AccountNotes.deviceName(log, device.record().id());
            unknown.remove(name);
            if (keep instanceof Keep.None || named.contains(name)) {
                leaving.add(device.record().id());
            }
        }
        if (!unknown.isEmpty()) {
            throw new CofferException(ErrorCode.ENROLMENT, "no active device has one of the names given");
        }
        return leaving;
    }

    private void rotateVault(DeviceHome home, HttpService api, LogId account, LogId vaultId, DeviceKeys keys)
            throws CofferException {
        try (ReplicaDb db = ReplicaDb.open(home.replicaFile());
                AccountLog log = new AccountLog(keys)) {
            AccountSync sync = new AccountSync(account, log, api, db);
            try (Vault vault =
                    new Vault(vaultId, new ReentrantLock(), sync, api, db, new Replica(db, clock), keys, clock)) {
                vault.refresh();
                vault.rotateIfNeeded();
            }
        }
    }

    @Override
    public boolean isLocked(Path home) {
        return DeviceHome.isSealed(home);
    }

    @Override
    public Device open(Path home) throws CofferException {
        return open(home, DeviceHome::load);
    }

    @Override
    public Device unlock(Path home, String passphrase) throws CofferException {
        return open(home, locked -> locked.load(passphrase));
    }

    private interface Load {
        KeyFile.Identity from(DeviceHome home) throws CofferException;
    }

    private Device open(Path home, Load load) throws CofferException {
        requireDevice(home);
        DeviceHome locked = DeviceHome.lock(home);
        try {
            return LocalDevice.open(locked, load.from(locked), clock);
        } catch (CofferException | RuntimeException e) {
            locked.close();
            throw e;
        }
    }

    @Override
    public void changePassphrase(Path home, Optional<String> present, Optional<String> wanted) throws CofferException {
        requireDevice(home);
        if (wanted.isPresent()) {
            int characters = wanted.get().codePointCount(0, wanted.get().length());
            if (characters < PassphraseSeal.CHARACTERS_MIN || characters > PassphraseSeal.CHARACTERS_MAX) {
                throw Refusals.passphraseOfAnotherLength();
            }
        }
        DeviceHome.changePassphrase(home, present, wanted);
    }

    private static void requireDevice(Path home) throws CofferException {
        if (!DeviceHome.exists(home)) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "There is no device in this folder yet.",
                    "Make one with `coffer account create`, `coffer device join` or `coffer recover`.");
        }
    }

    private static DeviceHome begin(Path home) throws CofferException {
        DeviceHome locked = DeviceHome.lock(home);
        try {
            locked.clearUnfinished();
            return locked;
        } catch (CofferException e) {
            locked.close();
            throw e;
        }
    }

    private Device finish(
            DeviceHome home, DeviceKeys keys, LogId account, LogId vault, URI service, String name)
            throws CofferException {
        home.save(new KeyFile.Identity(keys, account, vault, service, name));
        keys.close();
        return LocalDevice.open(home, home.load(), clock);
    }

    private static void abandon(DeviceHome home, DeviceKeys keys) throws CofferException {
        keys.close();
        home.close();
    }

    private static HttpService signedIn(DeviceHome home, URI service, LogId account, DeviceKeys keys)
            throws CofferException {
        return new HttpService(
                service, home.trust(), new HttpService.Identity(account, keys.record().id(), keys.signingKey()));
    }

    private static void requireAccepted(ServiceApi.Appended outcome) throws CofferException {
        if (!(outcome instanceof ServiceApi.Appended.Accepted)) {
            throw new CofferException(ErrorCode.PROTOCOL, "the service says that a new log exists already");
        }
    }
}
