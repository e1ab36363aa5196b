package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.api.CopyCount;
import coffer.core.log.Role;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.device.Device.LeftCopies;
import coffer.device.Device.Problem;
import coffer.seal.DeviceKeys;
import coffer.seal.RandomSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may choose a vault's region, among which, and what is said of the one that was left.
class ResidencyTest {

    @TempDir
    private Path folder;

    private final MemoryLogs logs = new MemoryLogs();
    private final FakeLog log = FakeLog.begun();
    private final List<CopyCount> counted = new ArrayList<>();
    private LoneDevice.Born born;
    private LoneDevice device;
    private Residency residency;

    @BeforeEach
    void open() throws CofferException {
        born = LoneDevice.birth(logs);
        device = new LoneDevice(born.first(), born.account(), born.vault(), logs, folder.resolve("a.db"));
        device.vault.refresh();
        residency = residencyOf(device);
    }

    @AfterEach
    void close() {
        device.close();
    }

    private Residency residencyOf(LoneDevice of) throws CofferException {
        GrantingService service = new GrantingService("http://127.0.0.1:1") {
            @Override
            public List<CopyCount> copies(LogId vault) {
                return counted;
            }
        };
        LogWatch watch = new LogWatch(service, log, of.db);
        watch.pin(log.signer.verifier().text());
        return new Residency(of.vault, service, watch);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anotherRegion_isSignedIntoTheLog_andTheSameOneIsNot() throws CofferException {
        assertThat(residency.choose("de")).isTrue();
        assertThat(device.vault.state().region()).isEqualTo("de");
        assertThat(device.vault.state().residence().former()).containsExactly("local");
        long head = device.vault.state().head().sequence();
        assertThat(device.vault.state().residence().since()).isEqualTo(head);
        assertThat(residency.choose("de")).isFalse();
        assertThat(device.vault.state().head().sequence()).isEqualTo(head);
    }

    @Test
    void aRegionThatNobodyNamed_orWhereNothingCanBeStored_changesNothing() {
        assertCode(ErrorCode.LOCAL, () -> residency.choose("mars"));
        assertCode(ErrorCode.RESIDENCY, () -> residency.choose("us"));
        log.with(FakeLog.state("one", ProviderState.SUSPENDED, 0));
        assertCode(ErrorCode.RESIDENCY, () -> residency.choose("de"));
        assertThat(device.vault.state().region()).isEqualTo("local");
    }

    @Test
    void aRegionOfALogThatContradictsItself_isNotChosen() throws CofferException {
        residency.choices();
        assertThat(residency.choose("de")).isTrue();
        new LogWatchStore(device.db).freeze(ErrorCode.FORK);
        assertCode(ErrorCode.FORK, () -> residency.choose("local"));
    }

    @Test
    void onlyTheOwnersFullDevices_choose() throws CofferException {
        for (Role role : List.of(Role.READ_ONLY, Role.APPEND_ONLY)) {
            DeviceKeys keys = DeviceKeys.generate(RandomSource.secure());
            device.account.append(
                    account -> Enrolment.add(account, born.first(), keys.record(), role, "other", Clock.systemUTC()));
            try (LoneDevice other =
                    new LoneDevice(keys, born.account(), born.vault(), logs, folder.resolve(role + ".db"))) {
                other.vault.refresh();
                Residency its = residencyOf(other);
                assertCode(ErrorCode.NOT_AUTHORISED, () -> its.choose("de"));
            }
        }
        device.vault.refresh();
        assertThat(device.vault.state().region()).isEqualTo("local");
    }

    @Test
    void whatTheServiceHasOutside_isWhatIsLeftWhereTheVaultWas_andAProblemElsewhere() throws CofferException {
        log.with(
                new Statement.ProviderStated(4, "two", "Two Inc.", "us", List.of("https://two.example"), 1_000),
                FakeLog.state("two", ProviderState.ACTIVE, 1_000));
        residency.choose("de");
        residency.choose("us");
        counted.add(new CopyCount("two", 7, 0, 700));
        counted.add(new CopyCount("one", 3, 4, 70));
        List<Problem> problems = new ArrayList<>();
        assertThat(residency.left(problems)).containsExactly(new LeftCopies("one", "One GmbH", "de", 3, 4, 70));
        assertThat(problems).isEmpty();
        counted.add(new CopyCount("unheard-of", 1, 0, 10));
        residency.left(problems);
        assertThat(problems).extracting(Problem::code).containsExactly("RESIDENCY");
        counted.clear();
        counted.add(new CopyCount("two", 7, 0, 700));
        assertThat(residency.left(new ArrayList<>())).as("the former region holds nothing more").isEmpty();
    }
}
