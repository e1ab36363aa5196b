package coffer.world;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The arrows between modules are the trust boundary (docs/architecture.md). What the service cannot reach, it cannot
/// be made to do.
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("coffer");

    @ParameterizedTest
    @CsvSource({
        "core, core",
        "seal, core seal",
        "store, core store",
        "service, core store service",
        "device, core seal device",
        "media, core device media",
        "agent, core seal device media agent",
        "attack, core seal store device service attack",
        "cli, core seal store device media agent service attack cli"
    })
    void module_reachesOnlyWhatItsArrowsAllow(String module, String allowed) {
        List<String> packages = java.util.Arrays.stream(allowed.split(" "))
                .map(name -> "coffer." + name + "..")
                .toList();
        String[] forbidden = List.of("core", "seal", "store", "service", "device", "media", "agent", "attack", "cli").stream()
                .map(name -> "coffer." + name + "..")
                .filter(name -> !packages.contains(name))
                .toArray(String[]::new);
        assertThat(CLASSES.stream().filter(c -> c.getPackageName().startsWith("coffer." + module)))
                .as("classes of %s", module)
                .isNotEmpty();
        if (forbidden.length > 0) {
            noClasses()
                    .that()
                    .resideInAPackage("coffer." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .check(CLASSES);
        }
    }

    @Test
    void onlySealTouchesCiphers() {
        noClasses()
                .that()
                .resideOutsideOfPackage("coffer.seal..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("javax.crypto.Cipher")
                .check(CLASSES);
    }

    /// What folder sync decides must be the same whatever the disk, the network and the time of day.
    @Test
    void planningOfFolderSyncTouchesNothing() {
        assertThat(CLASSES.stream().filter(c -> c.getPackageName().equals("coffer.device.sync.plan"))).isNotEmpty();
        noClasses()
                .that()
                .resideInAPackage("coffer.device.sync.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..", "java.sql..", "java.time..",
                        "java.util.concurrent..", "java.security..", "coffer.device", "coffer.device.sync")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(CLASSES);
    }

    @Test
    void nobodyUsesRandomnessThatIsNotForSecrets() {
        noClasses()
                .that()
                .resideInAnyPackage("coffer.seal..", "coffer.core..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .check(CLASSES);
    }

    /// A rule that holds for anything would prove nothing.
    @Test
    void theRulesFailWhereTheyShould() {
        ArchRule wrong =
                noClasses().that().resideInAPackage("coffer.seal..").should().dependOnClassesThat().resideInAPackage(
                        "coffer.core..");
        assertThatThrownBy(() -> wrong.check(CLASSES)).isInstanceOf(AssertionError.class);
    }
}
