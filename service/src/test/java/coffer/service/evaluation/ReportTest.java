package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Hash;
import coffer.core.SigningKey;
import coffer.store.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path folder = Path.of("");

    private Lab lab;
    private Path place;

    @BeforeEach
    void evaluate() throws Exception {
        lab = new Lab(folder.resolve("evaluations"));
        lab.through(store -> HookedStore.before(store, _ -> {
            if (lab.time.nanos() / 1_000_000_000 % 100 > 70) {
                throw new StoreUnavailable("injected");
            }
        }));
        place = lab.run(Duration.ofMinutes(10)).folder();
    }

    @AfterEach
    void closeLab() throws Exception {
        lab.close();
    }

    private Measurements measured() throws Exception {
        var measured = new Measurements();
        Journal.replay(place.resolve("state.jsonl"), measured::add);
        return measured;
    }

    @Test
    void theSameState_givesTheSameBytes() throws Exception {
        for (String file : List.of(Report.JSON, Report.HTML, Report.SIGNATURES)) {
            byte[] first = Files.readAllBytes(place.resolve(file));
            Files.delete(place.resolve(file));
            Report.make(place, measured(), Runner.criteria(measured().begun().orElseThrow()), place.resolve("state.jsonl"), lab.key());
            assertThat(Files.readAllBytes(place.resolve(file))).isEqualTo(first);
        }
    }

    @Test
    void theReport_isReadBackAsItWasMade() throws Exception {
        Report made = lab.reports.getFirst();
        assertThat(Report.find(place)).contains(made);
        assertThat(made.sha256()).isEqualTo(Hash.of(Files.readAllBytes(place.resolve(Report.JSON))));
        assertThat(made.verdict()).isEqualTo(Verdict.of(measured(), Lab.criteria()));
        assertThat(made.passed()).isEqualTo(made.verdict().isPassed());
    }

    @Test
    void theSignatures_fitTheseFilesAndThisKeyAlone() throws Exception {
        assertThat(Report.verify(place, lab.key().verifyKey())).isEmpty();
        try (SigningKey other = SigningKey.ofSeed("another key of thirty-two bytes!".getBytes(StandardCharsets.US_ASCII))) {
            assertThat(Report.verify(place, other.verifyKey())).hasSize(3);
        }
        byte[] json = Files.readAllBytes(place.resolve(Report.JSON));
        byte[] html = Files.readAllBytes(place.resolve(Report.HTML));
        byte[] changed = json.clone();
        changed[changed.length / 2] ^= 1;
        Files.write(place.resolve(Report.JSON), changed);
        assertThat(Report.verify(place, lab.key().verifyKey())).containsExactly("report.json has no valid signature");
        Files.write(place.resolve(Report.JSON), html);
        Files.write(place.resolve(Report.HTML), json);
        assertThat(Report.verify(place, lab.key().verifyKey())).as("swapped").hasSize(2);
    }

    @Test
    void thePage_isWellFormed_hasNoScripts_andLoadsNothing() throws Exception {
        String page = Files.readString(place.resolve(Report.HTML));
        assertThat(page).doesNotContain("<script", "javascript:", "http-equiv=\"refresh\"", "@import", "url(", "<img", "<link", "NaN");
        assertThat(page.replaceAll("<dd>http://blobs.test</dd>", "")).doesNotContain("http://", "https://", " src=", "href=");
        assertThat(page).contains("<svg", "default-src 'none'", "prefers-color-scheme:dark", "width=device-width");
        assertBalanced(page);
    }

    /// Every element that is opened is closed in its turn.
    private static void assertBalanced(String page) {
        Deque<String> open = new ArrayDeque<>();
        Matcher tags = Pattern.compile("<(/?)([a-z0-9]+)((?:\"[^\"]*\"|[^>\"])*?)(/?)>").matcher(page);
        while (tags.find()) {
            String tag = tags.group(2);
            if (Set.of("meta", "br").contains(tag) || !tags.group(4).isEmpty()) {
                continue;
            }
            if (tags.group(1).isEmpty()) {
                open.push(tag);
            } else {
                assertThat(open.pop()).as("closed at %d", tags.start()).isEqualTo(tag);
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void namesInThePage_areText() {
        assertThat(Text.escape("<b onload=\"x\">&")).isEqualTo("&lt;b onload=&quot;x&quot;&gt;&amp;");
    }

    @Test
    void thePage_saysWhatTheFiguresSay() throws Exception {
        String page = Files.readString(place.resolve(Report.HTML));
        Report report = Report.find(place).orElseThrow();
        assertThat(report.passed()).isFalse();
        assertThat(page).contains("Failed", "Not met: Part of the time that calls were answered rightly");
        for (Finding finding : report.verdict().findings()) {
            assertThat(page).contains(Text.criterion(finding.criterion()));
        }
        assertThat(page).contains(report.sha256().hex());
    }
}
