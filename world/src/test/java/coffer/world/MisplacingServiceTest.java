package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Device.CopyPlace;
import coffer.device.Device.Problem;
import coffer.device.Device.WhereReport;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service itself misplaces packs: it grants places in another region, at a real provider that it has admitted there,
/// and lies about where packs are. Devices refuse with RESIDENCY, and not a byte arrives there.
class MisplacingServiceTest {

    private static final UnaryOperator<byte[]> TRUE = UnaryOperator.identity();

    @TempDir
    Path folder = Path.of("");

    private TwoRegions world;
    private Device device;
    private long bytesThere;

    @BeforeEach
    void startAll() throws Exception {
        world = new TwoRegions(folder);
        device = new LocalDeviceSetup()
                .create(folder.resolve("home"), world.proxy.address(), "first")
                .device();
        put("before");
        bytesThere = world.there.bytes();
    }

    @AfterEach
    void stopAll() throws CofferException {
        device.close();
        world.close();
    }

    private void put(String name) throws CofferException, IOException {
        Path file = Files.writeString(folder.resolve(name), "content of " + name);
        List<Problem> problems = device.put(List.of(file), "/", Progress.SILENT).problems();
        assertThat(problems).isEmpty();
    }

    private String read(String path) throws CofferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        device.read(path, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private interface Work {
        void run() throws CofferException, IOException;
    }

    private static void assertRefused(Work work) {
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(work::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.RESIDENCY));
    }

    private UnaryOperator<byte[]> says(TcpRecorder truth, TcpRecorder lie) {
        return answer -> {
            String text = new String(answer, StandardCharsets.UTF_8);
            return text.replace(truth.address().toString(), lie.address().toString()).getBytes(StandardCharsets.UTF_8);
        };
    }

    private void lying(TcpRecorder truth, TcpRecorder lie) {
        world.proxy.changing("/v1/packs/uploads", says(truth, lie));
        world.proxy.changing("/v1/packs/downloads", says(truth, lie));
    }

    /// Only the origin that a grant names is honest; its address is not.
    private void hidingTheOrigin() {
        UnaryOperator<byte[]> lie = answer -> {
            String text = new String(answer, StandardCharsets.UTF_8);
            String honest = "\"origin\":\"" + world.here.address() + "\"";
            assertThat(text).contains(honest);
            return text.replace(honest, "@")
                    .replace(world.here.address().toString(), world.there.address().toString())
                    .replace("@", honest)
                    .getBytes(StandardCharsets.UTF_8);
        };
        world.proxy.changing("/v1/packs/uploads", lie);
        world.proxy.changing("/v1/packs/downloads", lie);
    }

    private void honest() {
        world.proxy.changing("/v1/packs/uploads", TRUE);
        world.proxy.changing("/v1/packs/downloads", TRUE);
    }

    @Test
    void aGrantForAnotherRegion_isRefused_andNotAByteGoesThere() throws Exception {
        lying(world.here, world.there);
        assertRefused(() -> put("mine"));
        assertRefused(() -> read("/before"));
        hidingTheOrigin();
        assertRefused(() -> put("mine too"));
        assertRefused(() -> read("/before"));
        assertThat(world.there.bytes()).isEqualTo(bytesThere);
        assertThat(world.objectsThere()).isEmpty();
        honest();
        put("mine");
        assertThat(read("/before")).as("nothing was lost by refusing").isEqualTo("content of before");
        assertThat(world.there.bytes()).isEqualTo(bytesThere);
    }

    @Test
    void whatTheServiceSaysOfPlacesElsewhere_isAProblem_andNoPlaceOfTheVault() throws Exception {
        lying(world.here, world.there);
        WhereReport elsewhere = device.where("/", Progress.SILENT);
        assertThat(elsewhere.region()).as("the person's choice is the log's").isEqualTo("de");
        assertThat(elsewhere.places()).extracting(CopyPlace::region).containsExactly("is");
        assertThat(elsewhere.problems()).extracting(Problem::code).containsExactly("RESIDENCY");
        UnaryOperator<byte[]> nowhere = answer -> new String(answer, StandardCharsets.UTF_8)
                .replace(world.here.address().toString(), "https://cheap.example")
                .getBytes(StandardCharsets.UTF_8);
        world.proxy.changing("/v1/packs/downloads", nowhere);
        WhereReport unknown = device.where("/", Progress.SILENT);
        assertThat(unknown.places()).extracting(CopyPlace::provider).containsExactly("");
        assertThat(unknown.problems()).extracting(Problem::code).containsExactly("RESIDENCY");
        honest();
        world.proxy.answering(path -> path.endsWith("/copies")
                ? Optional.of("{\"copies\":[{\"provider\":\"there\",\"used\":3,\"leaving\":0,\"bytes\":99}]}"
                        .getBytes(StandardCharsets.UTF_8))
                : Optional.empty());
        assertThat(device.regions().left()).as("the vault never was there").isEmpty();
        assertThat(device.regions().problems()).extracting(Problem::code).containsExactly("RESIDENCY");
        assertThat(world.there.bytes()).isEqualTo(bytesThere);
    }

    @Test
    void afterAMove_theFormerRegionIsReadFrom_andGetsNotAByteMore() throws Exception {
        assertThat(device.chooseRegion("is")).isTrue();
        for (int i = 0; i < 600 && device.regions().left().stream().anyMatch(left -> left.used() > 0); i++) {
            Thread.sleep(100);
        }
        // The service sends new packs to the former region.
        world.proxy.changing("/v1/packs/uploads", says(world.there, world.here));
        long uploads = uploadsHere();
        assertRefused(() -> put("mine"));
        assertThat(uploadsHere()).isEqualTo(uploads);
        assertThat(read("/before")).as("its copy there was not deleted yet").isNotEmpty();
        honest();
        put("mine");
        assertThat(read("/mine")).isEqualTo("content of mine");
        assertThat(uploadsHere()).isEqualTo(uploads);
    }

    private long uploadsHere() {
        return world.here.requests().stream().filter(request -> request.method().equals("PUT")).count();
    }
}
