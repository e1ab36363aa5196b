package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Device.CopyPlace;
import coffer.device.Device.LeftCopies;
import coffer.device.Device.RegionReport;
import coffer.device.Device.WhereReport;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A person moves a vault to another region while another device goes on storing and reading, and the service is restarted.
class RegionMoveTest {

    private static final int FILES = 8;

    @TempDir
    Path folder = Path.of("");

    private TwoRegions world;
    private Device first;
    private Device second;

    @BeforeEach
    void startAll() throws Exception {
        world = new TwoRegions(folder);
        DeviceSetup.Created created = new LocalDeviceSetup().create(folder.resolve("first"), world.proxy.address(), "first");
        first = created.device();
        second = new LocalDeviceSetup()
                .recover(
                        folder.resolve("second"), world.proxy.address(), created.recoveryWords(), "second",
                        new DeviceSetup.Keep.All(), Progress.SILENT);
    }

    @AfterEach
    void stopAll() throws CofferException {
        second.close();
        first.close();
        world.close();
    }

    @Test
    void aVaultMoves_whileAnotherDeviceWorks_andTheFormerRegionHoldsNothingMore() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source"));
        Random random = new Random(3);
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[200_000 + i];
            random.nextBytes(content);
            Files.write(source.resolve("file " + i), content);
            assertThat(first.put(List.of(source.resolve("file " + i)), "/", Progress.SILENT).problems()).isEmpty();
        }
        second.refresh();
        assertThat(first.regions().region()).isEqualTo("de");
        assertThat(first.regions().former()).isEmpty();
        assertThat(world.objectsThere()).isEmpty();
        List<Throwable> failures = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread person = Thread.ofPlatform().start(() -> work(source, done, failures));
        assertThat(first.chooseRegion("is")).isTrue();
        world.restart();
        RegionReport moved = await(report -> report.left().stream().allMatch(left -> left.used() == 0));
        assertThat(moved.former()).containsExactly("de");
        assertThat(moved.left()).extracting(LeftCopies::region).containsOnly("de");
        assertThat(world.objectsHere()).as("grants given before still hold").isNotEmpty();
        world.letGrantsEnd();
        RegionReport gone = await(report -> report.left().isEmpty());
        assertThat(gone.online()).isTrue();
        assertThat(gone.problems()).isEmpty();
        done.set(true);
        person.join();
        assertThat(failures).isEmpty();
        assertThat(world.objectsHere()).as("and so it is").isEmpty();

        assertThat(second.verify(true, Progress.SILENT).problems()).isEmpty();
        WhereReport where = second.where("/", Progress.SILENT);
        assertThat(where.problems()).isEmpty();
        assertThat(where.without()).isZero();
        assertThat(where.places()).extracting(CopyPlace::region).containsExactly("is");
        assertThat(where.places().getFirst().proven()).isEqualTo(where.packs());
        Path copy = folder.resolve("copy");
        assertThat(first.get("/", copy, false, Progress.SILENT).problems()).isEmpty();
        for (int i = 0; i < FILES; i++) {
            assertThat(Files.mismatch(source.resolve("file " + i), copy.resolve("file " + i))).isEqualTo(-1);
        }
    }

    @Test
    void whereAsksAfresh_andWithoutTheServiceSaysHowOldItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "a few words");
        assertThat(first.put(List.of(file), "/", Progress.SILENT).problems()).isEmpty();
        first.verify(true, Progress.SILENT);
        Instant before = Instant.now();
        try (Operator operator = new Operator(world.data())) {
            assertThat(first.where("/", Progress.SILENT).places()).extracting(CopyPlace::state).containsExactly("active");
            operator.change("here", "drain", 0);
        }
        WhereReport fresh = first.where("/", Progress.SILENT);
        assertThat(fresh.places()).as("a moment later").extracting(CopyPlace::state).containsExactly("draining");
        assertThat(fresh.read()).hasValueSatisfying(read -> assertThat(read).isAfterOrEqualTo(before.minusSeconds(1)));
        assertThat(fresh.online()).isTrue();
        world.close();
        WhereReport old = first.where("/", Progress.SILENT);
        assertThat(old.online()).isFalse();
        assertThat(old.read()).isEqualTo(fresh.read());
        assertThat(old.places()).extracting(CopyPlace::state).containsExactly("draining");
        assertThat(old.without()).as("it has read them itself").isZero();
    }

    private RegionReport await(Predicate<RegionReport> wanted) throws Exception {
        RegionReport report = first.regions();
        for (int i = 0; i < 600 && !(report.online() && wanted.test(report)); i++) {
            Thread.sleep(Duration.ofMillis(100));
            report = first.regions();
        }
        assertThat(report).matches(wanted, "what was waited for");
        return report;
    }

    private void work(Path source, AtomicBoolean done, List<Throwable> failures) {
        Random random = new Random(5);
        try {
            for (int i = 0; !done.get(); i++) {
                Path more = Files.writeString(folder.resolve("more " + i), "number " + i);
                again(() -> assertThat(second.put(List.of(more), "/", Progress.SILENT).problems()).isEmpty());
                String name = "file " + random.nextInt(FILES);
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                again(() -> {
                    read.reset();
                    second.read("/" + name, read);
                });
                assertThat(read.toByteArray()).isEqualTo(Files.readAllBytes(source.resolve(name)));
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private interface Work {
        void run() throws CofferException;
    }

    /// As a person would: when the service was just not there, once more.
    private static void again(Work work) throws CofferException {
        for (int i = 0; ; i++) {
            try {
                work.run();
                return;
            } catch (CofferException e) {
                if (i == 5 || e.code() != ErrorCode.UNAVAILABLE) {
                    throw e;
                }
            }
        }
    }
}
