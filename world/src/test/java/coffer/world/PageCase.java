package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.device.Progress;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What a person does in the pages, in a real browser, with a real device and service. Skipped only where there is no browser, or
/// where the pages could not be built because Node.js is missing.
///
/// Pictures of every page are written to `target/pages`; a failed test leaves one too.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PageCase {

    static final Path SHOTS = Path.of("target", "pages");
    private static final Path AXE = Path.of("..", "pages", "node_modules", "axe-core", "axe.min.js");

    PageWorld world;
    Tab tab;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(Chromium.find().isPresent(), "no Chromium is here, so no page is tried");
        Assumptions.assumeTrue(areBuilt() || hasNode(), "no Node.js of 20.19 or newer with npm is here, so there are no pages to try");
        assertThat(areBuilt()).as("Node.js is here, so the pages have been built").isTrue();
        world = new PageWorld(folder, Chromium.find().orElseThrow());
        fill();
    }

    /// Gives the device what its pages are to show.
    abstract void fill() throws Exception;

    private static boolean areBuilt() {
        return PageCase.class.getClassLoader().getResource("coffer/pages/index.html") != null;
    }

    private static boolean hasNode() throws Exception {
        for (List<String> command : List.of(List.of("npm", "--version"), List.of("sh", "../pages/build.sh", "--check"))) {
            try {
                if (new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() != 0) {
                    return false;
                }
            } catch (IOException e) {
                return false; // the program is not there
            }
        }
        return true;
    }

    @AfterAll
    void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    @BeforeEach
    void enter() throws Exception {
        tab = world.enter();
    }

    /// Whatever happened, nothing was asked of anybody else, no policy was broken, and no dialog or error came up.
    @AfterEach
    void nothingElseHappened(TestInfo test) throws Exception {
        tab.screenshot(SHOTS.resolve("last-" + test.getTestMethod().orElseThrow().getName() + ".png"));
        String here = "http://127.0.0.1:" + world.port() + "/";
        // The browser's own viewer and controls come from the browser.
        assertThat(tab.requests)
                .isNotEmpty()
                .filteredOn(address -> !address.startsWith("chrome-extension:") && !address.startsWith("data:"))
                .allSatisfy(address -> assertThat(address).startsWith(here));
        assertThat(tab.errors).isEmpty();
    }

    void go(String page, String path) {
        tab.eval("location.hash = '#/" + page + "' + " + Tab.quoted(path) + ".split('/').map(encodeURIComponent).join('/')");
    }

    String read(String path) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        world.device.read(path, out);
        return out.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    void put(String folder, String name, byte[] content) throws Exception {
        world.device.put(List.of(world.file(name, content)), folder, Progress.SILENT);
    }

    void row(String name) {
        tab.clickOn("[...document.querySelectorAll('.row')].find(row => row.innerText.includes(" + Tab.quoted(name) + "))");
    }

    void look(String page, String how) throws Exception {
        accessible(page + " " + how);
        assertThat(tab.eval("document.documentElement.scrollWidth <= innerWidth").asBoolean()).as("%s %s fits", page, how).isTrue();
        tab.screenshot(SHOTS.resolve(page + "-" + how + ".png"));
    }

    void accessible(String what) throws IOException {
        assertThat(AXE).exists();
        tab.eval(Files.readString(AXE) + "; 1");
        Tab.pause(250);
        JsonNode found = tab.eval("axe.run().then(r => r.violations.filter(v => v.impact == 'serious' || v.impact == 'critical')"
                + ".map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | ')))");
        List<String> findings = new ArrayList<>();
        found.forEach(one -> findings.add(one.asText()));
        assertThat(findings.stream().collect(Collectors.joining("\n"))).as(what).isEmpty();
    }
}
