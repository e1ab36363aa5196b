package coffer.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page of attacks is what the attacks and tests are.
class CatalogueTest {

    private static final Path PAGE = Path.of("../docs/attacks.md");

    @Test
    void page_isWhatTheCatalogueMakes() throws IOException {
        if ("write".equals(System.getProperty("attacks"))) {
            Files.writeString(PAGE, Catalogue.page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(Catalogue.page());
    }

    @Test
    void everyNumberFrom1To100_isThereOnce() {
        assertThat(Catalogue.items().stream().map(Catalogue.Item::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void everyAttack_triesEntriesOfTheCatalogue() {
        List<String> names = Catalogue.items().stream().map(Catalogue.Item::name).toList();
        Attack.all().forEach(attack -> assertThat(names).containsAll(attack.entries()));
    }

    @Test
    void whatIsHeld_isTried_andWhatIsNot_hasAReason() {
        for (Catalogue.Item item : Catalogue.items()) {
            if (item.standing() == Catalogue.Standing.HELD) {
                assertThat(Catalogue.by(item)).as(item.name()).isNotEmpty();
            } else {
                assertThat(item.why()).as(item.name()).isNotEmpty();
            }
        }
    }

    @Test
    void everyTestThatIsNamed_isThere() throws IOException {
        Map<String, String> tests;
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            tests = files.filter(file -> file.toString().contains("src/test/java") && file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), CatalogueTest::read, String::concat));
        }
        for (Catalogue.Item item : Catalogue.items()) {
            for (String test : item.tests()) {
                String[] names = test.split("\\.", 2);
                assertThat(tests.getOrDefault(names[0], "")).as("%s names %s", item.name(), test).contains("void " + names[1] + "(");
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
