package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.PackId;
import coffer.core.log.Residence;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.device.Device.CopyPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Where packs are, from a log and a directory that were verified and a service that says what it likes of copies.
class WhereaboutsTest extends OnWorkbench {

    private static final String ONE = "https://one.example";
    private static final String TWO = "https://two.example";

    private static ProviderDirectory directory() throws ProviderDirectory.IllegalStatementException {
        ProviderDirectory directory = ProviderDirectory.EMPTY;
        for (Statement statement : List.of(
                new Statement.RegionAdded(1, "de", "Germany", "Germany"),
                new Statement.RegionAdded(1, "us", "Elsewhere", "Elsewhere"),
                new Statement.ProviderStated(1, "one", "One GmbH", "de", List.of(ONE), 1),
                new Statement.ProviderStated(1, "two", "Two Inc.", "us", List.of(TWO), 1),
                FakeLog.state("one", ProviderState.ACTIVE, 1_000),
                FakeLog.state("two", ProviderState.ACTIVE, 1_000))) {
            directory = directory.with(statement);
        }
        return directory;
    }

    private final List<Device.Problem> problems = new ArrayList<>();

    private Whereabouts.Found where(String path) throws Exception {
        return where(path, new Residence("de", 0, List.of()), true);
    }

    private Whereabouts.Found where(String path, Residence residence, boolean ask) throws Exception {
        problems.clear();
        return new Whereabouts(replica, vault, packs).find(path, residence, directory(), ask, problems, Progress.SILENT);
    }

    private void put() throws Exception {
        packs.origins = List.of(ONE);
        Path file = Files.write(source.resolve("big"), Workbench.random(20_000_000, 1));
        Files.writeString(source.resolve("small"), "a few words");
        assertThat(ingest.put(List.of(file), "/", Progress.SILENT).problems()).isEmpty();
        assertThat(ingest.put(List.of(source.resolve("small")), "/", Progress.SILENT).problems()).isEmpty();
    }

    private static CopyPlace only(Whereabouts.Found report) {
        assertThat(report.places()).hasSize(1);
        return report.places().getFirst();
    }

    @Test
    void aVaultAndAFile_areInTheirPacks_withTheProviderTheLogNames() throws Exception {
        put();
        Whereabouts.Found all = where("/");
        assertThat(all.packs()).isEqualTo(packs.packs.size()).isGreaterThan(1);
        assertThat(all.bytes()).isEqualTo(packs.storedBytes());
        assertThat(problems).isEmpty();
        CopyPlace place = only(all);
        assertThat(List.of(place.provider(), place.owner(), place.region(), place.state()))
                .containsExactly("one", "One GmbH", "de", "active");
        assertThat(place.copies()).isEqualTo(all.packs());
        assertThat(place.proven()).isZero();
        Whereabouts.Found small = where("/small");
        assertThat(small.packs()).isEqualTo(1);
        assertThat(small.bytes()).isLessThan(all.bytes());
        assertThat(where("/big").packs()).isLessThan(all.packs());
    }

    @Test
    void whatAFullCheckRead_isProven_untilItIsFoundWrong() throws Exception {
        put();
        Verify verify = new Verify(replica, vault, packs, InstantSource.system());
        verify.run(false, vault.id(), Progress.SILENT);
        assertThat(only(where("/")).proven()).as("asking is no proof").isZero();
        verify.run(true, vault.id(), Progress.SILENT);
        CopyPlace place = only(where("/"));
        assertThat(place.proven()).isEqualTo(place.copies());
        assertThat(place.since()).isPresent();
        PackId hurt = packs.packs.keySet().iterator().next();
        packs.copiesOf(hurt).getFirst()[100] ^= 1;
        verify.run(true, vault.id(), Progress.SILENT);
        assertThat(only(where("/")).proven()).isLessThan(place.copies());
    }

    @Test
    void aPackWithoutACopy_andAPlaceOutsideTheRegion_areProblems() throws Exception {
        put();
        packs.origins = List.of(TWO);
        Whereabouts.Found outside = where("/");
        assertThat(problems).extracting(Device.Problem::code).containsExactly("RESIDENCY");
        assertThat(only(outside).region()).as("where it really is").isEqualTo("us");
        packs.origins = List.of("https://nobody.example");
        assertThat(only(where("/")).provider()).isEmpty();
        packs.packs.clear();
        Whereabouts.Found gone = where("/");
        assertThat(gone.without()).isEqualTo(gone.packs()).isPositive();
        assertThat(gone.places()).isEmpty();
        assertThat(problems).extracting(Device.Problem::code).containsExactly("INTEGRITY");
    }

    @Test
    void whatStillLiesInARegionThatWasLeft_isShownThere_andIsNoProblem() throws Exception {
        put();
        packs.origins = List.of(TWO);
        CopyPlace place = only(where("/", new Residence("de", 3, List.of("us")), true));
        assertThat(problems).isEmpty();
        assertThat(place.region()).isEqualTo("us");
    }

    @Test
    void withoutTheService_whatThisDeviceHasReadIsWhatIsKnown() throws Exception {
        put();
        Residence residence = new Residence("de", 0, List.of());
        Whereabouts.Found unread = where("/", residence, false);
        assertThat(unread.places()).isEmpty();
        assertThat(unread.without()).isEqualTo(unread.packs()).isPositive();
        new Verify(replica, vault, packs, InstantSource.system()).run(true, vault.id(), Progress.SILENT);
        packs.origins = List.of(TWO);
        Whereabouts.Found read = where("/", residence, false);
        assertThat(problems).isEmpty();
        assertThat(read.without()).isZero();
        assertThat(only(read).origin()).as("as it was when it was read").isEqualTo(ONE);
    }
}
