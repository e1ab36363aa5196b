package coffer.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/// Says how a command is called, in code.
///
/// picocli's annotations would say the same, but a fresh process spends two thirds of its time on reading them.
final class Spec {

    private final CommandSpec spec;

    private Spec(CommandSpec spec) {
        this.spec = spec;
    }

    static Spec of(Action action, String name, String... description) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(action).name(name);
        spec.usageMessage().description(literal(description));
        return new Spec(spec);
    }

    /// picocli takes help for format strings; ours are words.
    private static String[] literal(String... lines) {
        return Arrays.stream(lines).map(line -> line.replace("%", "%%")).toArray(String[]::new);
    }

    /// Shown below everything else, one to a line.
    Spec examples(String... lines) {
        List<String> footer = new ArrayList<>(List.of("", lines.length == 1 ? "Example:" : "Examples:"));
        for (String line : lines) {
            footer.add("  " + line);
        }
        spec.usageMessage().footer(literal(footer.toArray(String[]::new)));
        return this;
    }

    Spec footer(String... lines) {
        spec.usageMessage().footer(literal(lines));
        return this;
    }

    /// The command has others below it; `label` stands for them.
    Spec parts(String label) {
        spec.usageMessage().synopsisSubcommandLabel(label);
        return this;
    }

    Spec flag(Consumer<Boolean> setter, String description, String... names) {
        spec.addOption(flagOption(setter, description, names).build());
        return this;
    }

    /// A flag of this command and all below it.
    Spec flagEverywhere(Consumer<Boolean> setter, String description, String... names) {
        spec.addOption(flagOption(setter, description, names)
                .scopeType(ScopeType.INHERIT)
                .build());
        return this;
    }

    Spec help() {
        spec.addOption(flagOption(_ -> {}, "Explain the command.", "-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .build());
        return this;
    }

    Spec version(String text) {
        spec.version(text);
        spec.addOption(flagOption(_ -> {}, "Print the version.", "--version").versionHelp(true).build());
        return this;
    }

    /// For the commands that meet a service for the first time.
    Spec serviceCertificate(Consumer<String> setter) {
        return option(
                setter,
                "FILE",
                "The service's certificate (PEM), where its operator made it; kept in the home.",
                "--service-certificate");
    }

    private static OptionSpec.Builder flagOption(Consumer<Boolean> setter, String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .setter(setter(Boolean.class, setter))
                .description(description);
    }

    Spec option(Consumer<String> setter, String label, String description, String... names) {
        spec.addOption(textOption(setter, label, description, names).build());
        return this;
    }

    Spec optionEverywhere(Consumer<String> setter, String label, String description, String... names) {
        spec.addOption(textOption(setter, label, description, names)
                .scopeType(ScopeType.INHERIT)
                .build());
        return this;
    }

    Spec required(Consumer<String> setter, String label, String description, String... names) {
        spec.addOption(textOption(setter, label, description, names).required(true).build());
        return this;
    }

    private static OptionSpec.Builder textOption(
            Consumer<String> setter, String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .setter(setter(String.class, setter))
                .description(description);
    }

    /// May be given several times. picocli tells each time what was given then, and not what came before.
    Spec repeated(Consumer<List<String>> setter, String label, String description, String... names) {
        List<String> all = new ArrayList<>();
        spec.addOption(OptionSpec.builder(names)
                .type(String[].class)
                .paramLabel(label)
                .setter(setter(String[].class, values -> {
                    all.addAll(Arrays.asList(values));
                    setter.accept(List.copyOf(all));
                }))
                .description(description)
                .build());
        return this;
    }

    <E extends Enum<E>> Spec choice(
            Class<E> type, Consumer<E> setter, String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(type)
                .paramLabel(label)
                .setter(setter(type, setter))
                .description(description)
                .build());
        return this;
    }

    /// What stands at `index` and must be given.
    Spec one(int index, Consumer<String> setter, String label, String description) {
        return positional(positional(index, "1", String.class, label, description).setter(setter(String.class, setter)));
    }

    /// What stands at `index` if it is given.
    Spec maybe(int index, Consumer<String> setter, String label, String description) {
        return positional(
                positional(index, "0..1", String.class, label, description).setter(setter(String.class, setter)));
    }

    Spec maybeNumber(int index, Consumer<Long> setter, String label, String description) {
        return positional(positional(index, "0..1", Long.class, label, description).setter(setter(Long.class, setter)));
    }

    <E extends Enum<E>> Spec oneOf(Class<E> type, Consumer<E> setter, String label, String description) {
        return positional(positional(0, "1", type, label, description).setter(setter(type, setter)));
    }

    /// All that is given.
    Spec many(String arity, Consumer<List<String>> setter, String label, String description) {
        return positional(PositionalParamSpec.builder()
                .index("0..*")
                .arity(arity)
                .hideParamSyntax(true)
                .type(String[].class)
                .paramLabel(label)
                .description(description)
                .setter(setter(String[].class, values -> setter.accept(List.copyOf(Arrays.asList(values))))));
    }

    private static PositionalParamSpec.Builder positional(
            int index, String arity, Class<?> type, String label, String description) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .arity(arity)
                .type(type)
                .paramLabel(label)
                .description(description);
    }

    private Spec positional(PositionalParamSpec.Builder positional) {
        spec.addPositional(positional.build());
        return this;
    }

    /// picocli also sets "nothing given" before it parses; a command's fields begin with what that means.
    private static <T> ISetter setter(Class<T> type, Consumer<T> setter) {
        return new ISetter() {
            @Override
            public <V> @Nullable V set(@Nullable V value) {
                if (value != null) {
                    setter.accept(type.cast(value));
                }
                return value;
            }
        };
    }

    CommandSpec build() {
        return spec;
    }

    /// For tests: every option and parameter must explain itself.
    static List<ArgSpec> arguments(CommandSpec spec) {
        return spec.args();
    }
}
