package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/// What is true of every command.
class CommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Coffer coffer() {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Terminal.Interactive(false, false, false),
                100,
                Map.of(),
                Path.of("/nowhere"),
                () -> ZoneOffset.UTC);
        return new Coffer(terminal, Agents.PROCESSES);
    }

    private static List<CommandLine> all(CommandLine line) {
        List<CommandLine> all = new ArrayList<>(List.of(line));
        line.getSubcommands().values().forEach(below -> all.addAll(all(below)));
        return all;
    }

    @Test
    void everyCommand_explainsItselfAndItsArguments() {
        List<CommandLine> commands = all(coffer().everyCommand());
        assertThat(commands).hasSizeGreaterThan(30);
        for (CommandLine command : commands) {
            String name = command.getCommandSpec().qualifiedName();
            assertThat(command.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
            for (ArgSpec argument : command.getCommandSpec().args()) {
                assertThat(argument.description()).as("%s %s", name, argument.paramLabel()).isNotEmpty();
            }
        }
    }

    @Test
    void everyCommand_showsAnExample_unlessItOnlyHoldsOthers() {
        for (CommandLine command : all(coffer().everyCommand())) {
            boolean holds = !command.getSubcommands().isEmpty();
            String help = command.getUsageMessage();
            assertThat(holds || help.contains("Example"))
                    .as(command.getCommandSpec().qualifiedName())
                    .isTrue();
        }
    }

    @Test
    void everyCommand_answersToHelp_andTakesTheOptionsOfAll() {
        for (CommandLine command : all(coffer().everyCommand())) {
            String name = command.getCommandSpec().qualifiedName();
            String[] words = (name + " --help").substring("coffer ".length()).split(" ", -1);
            out.reset();
            assertThat(coffer().run(words)).as(name).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .as(name)
                    .contains("Usage: " + name)
                    .contains("--home")
                    .contains("--json");
        }
    }

    @Test
    void help_fitsItsColumns() {
        for (CommandLine command : all(coffer().everyCommand())) {
            assertThat(command.getUsageMessage().lines())
                    .as(command.getCommandSpec().qualifiedName())
                    .allMatch(line -> line.length() <= 110);
        }
    }

    @Test
    void guide_fitsOneScreen() {
        assertThat(Guide.lines()).hasSizeLessThan(24).allMatch(line -> line.length() <= 100);
    }

    @Test
    void home_mayStandBeforeAndAfterTheCommand() {
        for (String[] words : new String[][] {
            {"--home", "/x", "ls"}, {"ls", "--home", "/x"}, {"--home=/x", "--json", "ls"}, {"ls", "--home=/x", "/"}
        }) {
            Coffer coffer = coffer();
            assertThat(coffer.run(words)).isEqualTo(24);
            assertThat(coffer.home()).isEqualTo(Path.of("/x"));
        }
    }

    @Test
    void anOptionThatIsGivenSeveralTimes_keepsEveryValue() {
        List<List<String>> given = new ArrayList<>();
        Action action = new Action() {
            @Override
            public CommandLine.Model.CommandSpec spec() {
                return Spec.of(this, "any", "Anything.").repeated(given::add, "TEXT", "Any text.", "--text").build();
            }

            @Override
            public Integer call() {
                return Exit.OK;
            }
        };
        new CommandLine(action.spec()).parseArgs("--text", "one", "--text=two", "--text", "three");
        assertThat(given.getLast()).containsExactly("one", "two", "three");
    }

    @Test
    void completion_namesEveryCommand() {
        assertThat(coffer().run("completion", "bash")).isZero();
        String script = out.toString(StandardCharsets.UTF_8);
        assertThat(script).contains("coffer").contains("--overwrite").contains("rebuild").contains("bashcompinit");
    }
}
