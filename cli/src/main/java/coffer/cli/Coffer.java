package coffer.cli;

import coffer.agent.Build;
import coffer.agent.Json;
import coffer.agent.RemoteDevice;
import coffer.agent.RemoteSetup;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `coffer` itself: the options of every command, and the way to each.
@Command(
        name = "coffer",
        description = "A personal cloud that its storage providers cannot read.",
        synopsisSubcommandLabel = "COMMAND",
        subcommandsRepeatable = false,
        footer = {
            "",
            "`coffer COMMAND --help` explains a command with examples; `coffer` alone shows the first steps.",
            "Exit status: 0 done, 1 done but for some problems, 2 wrong usage, 10 and above one per error code."
        },
        versionProvider = Coffer.Version.class)
final class Coffer implements Callable<Integer> {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The device's folder (default: COFFER_HOME, else ~/.coffer).")
    @Nullable String home;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON document instead of text.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show the details of errors.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Explain the command.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version.")
    boolean version;

    private final Terminal terminal;
    private final Agents agents;
    private final Output output;

    Coffer(Terminal terminal, Agents agents) {
        this.terminal = terminal;
        this.agents = agents;
        this.output = new Output(this, terminal);
    }

    /// All commands, in the order of the help.
    private static Map<String, Function<Coffer, Callable<Integer>>> commands() {
        Map<String, Function<Coffer, Callable<Integer>>> all = new LinkedHashMap<>();
        all.put("demo", DemoCommand::new);
        all.put("up", UpCommand::new);
        all.put("account", AccountCommand::new);
        all.put("device", DeviceCommand::new);
        all.put("recover", RecoverCommand::new);
        all.put("put", PutCommand::new);
        all.put("get", GetCommand::new);
        all.put("cat", CatCommand::new);
        all.put("ls", ListCommand::new);
        all.put("mkdir", MakeFolderCommand::new);
        all.put("mv", MoveCommand::new);
        all.put("rm", RemoveCommand::new);
        all.put("history", HistoryCommand::new);
        all.put("restore", RestoreCommand::new);
        all.put("trash", TrashCommand::new);
        all.put("status", StatusCommand::new);
        all.put("verify", VerifyCommand::new);
        all.put("who", WhoCommand::new);
        all.put("export", ExportCommand::new);
        all.put("log", LogCommand::new);
        all.put("rebuild", RebuildCommand::new);
        all.put("collect", CollectCommand::new);
        all.put("snapshot", SnapshotCommand::new);
        all.put("service", ServiceCommand::new);
        all.put("agent", AgentCommand::new);
        all.put("completion", CompletionCommand::new);
        return all;
    }

    /// Runs one command line; returns its exit status.
    int run(String... arguments) {
        try {
            return commandLine(arguments).execute(arguments);
        } finally {
            terminal.out().flush();
        }
    }

    /// With only the command that is called where it is known: reading the annotations of all of them takes longer than
    /// most commands.
    private CommandLine commandLine(String[] arguments) {
        CommandLine root = new CommandLine(this);
        Map<String, Function<Coffer, Callable<Integer>>> all = commands();
        Optional<String> called = calledCommand(arguments).filter(all::containsKey);
        if (called.isPresent()) {
            add(root, called.get(), all);
        } else {
            all.keySet().forEach(name -> add(root, name, all));
        }
        return configured(root);
    }

    CommandLine everyCommand() {
        CommandLine root = new CommandLine(this);
        Map<String, Function<Coffer, Callable<Integer>>> all = commands();
        all.keySet().forEach(name -> add(root, name, all));
        return configured(root);
    }

    private void add(CommandLine root, String name, Map<String, Function<Coffer, Callable<Integer>>> all) {
        Function<Coffer, Callable<Integer>> maker = java.util.Objects.requireNonNull(all.get(name));
        Callable<Integer> command = maker.apply(this);
        CommandLine line = new CommandLine(command);
        if (command instanceof Group group) {
            group.parts().forEach(line::addSubcommand);
        }
        root.addSubcommand(name, line);
    }

    /// Nothing that a person types is taken for anything but itself: no `@files`, no `${variables}`.
    private CommandLine configured(CommandLine root) {
        CommandLine.Help.Ansi ansi = terminal.interactive().out() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
        return root.setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
                .setUsageHelpWidth(Math.clamp(terminal.columns(), 60, 100))
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((error, _) -> misused(error))
                .setExecutionExceptionHandler((error, line, _) -> failed(error, line));
    }

    private static Optional<String> calledCommand(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--home")) {
                i++;
            } else if (!arguments[i].startsWith("-")) {
                return Optional.of(arguments[i]);
            }
        }
        return Optional.empty();
    }

    private int misused(CommandLine.ParameterException error) {
        output.misused(String.valueOf(error.getMessage()));
        if (!json && !CommandLine.UnmatchedArgumentException.printSuggestions(error, error.getCommandLine().getErr())) {
            String name = error.getCommandLine().getCommandSpec().qualifiedName();
            terminal.err().println("  `" + name + " --help` explains it.");
        }
        return Exit.USAGE;
    }

    private int failed(Exception error, CommandLine line) {
        return switch (error) {
            case UsageException e -> misused(new CommandLine.ParameterException(line, String.valueOf(e.getMessage())));
            case CofferException e -> output.failed(e);
            default -> output.faulty(error);
        };
    }

    @Override
    public Integer call() {
        if (json) {
            throw new UsageException("Which command? `coffer --help` lists them.");
        }
        Guide.lines().forEach(terminal.out()::println);
        return Exit.OK;
    }

    Terminal terminal() {
        return terminal;
    }

    Output output() {
        return output;
    }

    Agents agents() {
        return agents;
    }

    Path home() {
        String given = home;
        if (given != null) {
            return terminal.resolve(given);
        }
        Optional<String> environment = terminal.environment("COFFER_HOME");
        if (environment.isPresent()) {
            return terminal.resolve(environment.get());
        }
        return Path.of(System.getProperty("user.home"), ".coffer");
    }

    /// The device of the home; starts no agent where there is no home.
    Device device() throws CofferException {
        if (!Files.isDirectory(home())) {
            throw new CofferException(
                    ErrorCode.LOCAL,
                    "There is no device here yet: make one with `coffer account create`, `coffer device join` or"
                            + " `coffer recover`.",
                    Map.of("home", home().toString()));
        }
        return new RemoteDevice(agents.connect(home()));
    }

    RemoteSetup setup() throws CofferException {
        return new RemoteSetup(agents.connect(home()));
    }

    /// Shows how far work is, unless a program reads what is printed.
    Bar bar() {
        return new Bar(terminal, !json);
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"coffer " + Build.VERSION};
        }
    }

    /// What every command prints when nothing more is to be said.
    static Json.Fields done() {
        return Json.object().put("done", true).build();
    }
}
