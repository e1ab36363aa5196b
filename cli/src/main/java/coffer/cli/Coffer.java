package coffer.cli;

import coffer.agent.Build;
import coffer.agent.Json;
import coffer.agent.RemoteDevice;
import coffer.agent.RemoteMedia;
import coffer.agent.RemoteSetup;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.ServiceTrust;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/// `coffer` itself: the options of every command, and the way to each.
final class Coffer implements Action {

    private @Nullable String home;
    private boolean json;
    private boolean verbose;

    private final Terminal terminal;
    private final Agents agents;
    private final Output output;

    Coffer(Terminal terminal, Agents agents) {
        this.terminal = terminal;
        this.agents = agents;
        this.output = new Output(this, terminal);
    }

    /// All commands, in the order of the help.
    private static Map<String, Function<Coffer, Action>> commands() {
        Map<String, Function<Coffer, Action>> all = new LinkedHashMap<>();
        all.put("demo", DemoCommand::new);
        all.put("up", UpCommand::new);
        all.put("account", AccountCommand::new);
        all.put("device", DeviceCommand::new);
        all.put("recover", RecoverCommand::new);
        all.put("recovery", RecoveryCommand::new);
        all.put("passphrase", PassphraseCommand::new);
        all.put("unlock", UnlockCommand::new);
        all.put("lock", LockCommand::new);
        all.put("open", OpenCommand::new);
        all.put("phone", PhoneCommand::new);
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
        all.put("rewind", RewindCommand::new);
        all.put("mail", MailCommand::new);
        all.put("pictures", PicturesCommand::new);
        all.put("media", MediaCommand::new);
        all.put("sync", SyncCommand::new);
        all.put("conflicts", ConflictsCommand::new);
        all.put("limit", LimitCommand::new);
        all.put("status", StatusCommand::new);
        all.put("verify", VerifyCommand::new);
        all.put("where", WhereCommand::new);
        all.put("region", RegionCommand::new);
        all.put("who", WhoCommand::new);
        all.put("export", ExportCommand::new);
        all.put("log", LogCommand::new);
        all.put("rebuild", RebuildCommand::new);
        all.put("collect", CollectCommand::new);
        all.put("snapshot", SnapshotCommand::new);
        all.put("service", ServiceCommand::new);
        all.put("operator", OperatorCommand::new);
        all.put("agent", AgentCommand::new);
        all.put("attack", AttackCommand::new);
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

    /// With only the command that is called where it is known: a fresh process should not describe the others.
    private CommandLine commandLine(String[] arguments) {
        Optional<String> called = calledCommand(arguments).filter(commands()::containsKey);
        CommandLine root = new CommandLine(spec());
        commands().forEach((name, maker) -> {
            if (called.isEmpty() || called.get().equals(name)) {
                add(root, name, maker.apply(this));
            }
        });
        return configured(root);
    }

    /// As it is when nothing says which command is meant.
    CommandLine everyCommand() {
        return commandLine(new String[0]);
    }

    private static void add(CommandLine above, String name, Action action) {
        CommandLine line = new CommandLine(action.spec());
        above.addSubcommand(name, line);
        if (action instanceof Group group) {
            group.parts().forEach((part, below) -> add(line, part, below));
        }
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "coffer", "A personal cloud that its storage providers cannot read.")
                .parts("COMMAND")
                .optionEverywhere(
                        value -> home = value,
                        "DIR",
                        "The device's folder (default: COFFER_HOME, else ~/.coffer).",
                        "--home")
                .flagEverywhere(value -> json |= value, "Print one JSON document instead of text.", "--json")
                .flagEverywhere(value -> verbose |= value, "Show the details of errors.", "-v", "--verbose")
                .help()
                .version("coffer " + Build.VERSION)
                .footer(
                        "",
                        "`coffer COMMAND --help` explains a command with examples; `coffer` alone shows the first steps.",
                        "Exit status: 0 done, 1 done but for some problems, 2 wrong usage, 10 and above one per error"
                                + " code (docs/cli.md).")
                .build();
    }

    /// Nothing that a person types is taken for anything but itself: no `@files`, no `${variables}`.
    private CommandLine configured(CommandLine root) {
        Ansi ansi = terminal.interactive().out() ? Ansi.ON : Ansi.OFF;
        return root.setExpandAtFiles(false)
                .setInterpolateVariables(false)
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
        output.misused(message(error));
        if (!json && !CommandLine.UnmatchedArgumentException.printSuggestions(error, error.getCommandLine().getErr())) {
            String name = error.getCommandLine().getCommandSpec().qualifiedName();
            terminal.err().println("  `" + name + " --help` explains it.");
        }
        return Exit.USAGE;
    }

    private static String message(CommandLine.ParameterException error) {
        boolean atRoot = error.getCommandLine().getParent() == null;
        if (atRoot && error instanceof CommandLine.UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            return "There is no command " + unmatched.getUnmatched().getFirst() + ".";
        }
        return String.valueOf(error.getMessage());
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

    boolean isJson() {
        return json;
    }

    boolean isVerbose() {
        return verbose;
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
        // Like other programs of a shell: HOME, where it says something else than the system's list of users.
        return terminal.environment("HOME")
                .map(terminal::resolve)
                .orElse(Path.of(System.getProperty("user.home")))
                .resolve(".coffer");
    }

    /// The device of the home; starts no agent where there is no home.
    Device device() throws CofferException {
        requireHome();
        return new RemoteDevice(agents.connect(home()));
    }

    /// What is asked of a device that may be locked.
    RemoteSetup lockable() throws CofferException {
        requireHome();
        return new RemoteSetup(agents.connect(home()));
    }

    /// The mail and pictures of the device of the home.
    RemoteMedia media() throws CofferException {
        requireHome();
        return new RemoteMedia(agents.connect(home()));
    }

    private void requireHome() throws CofferException {
        if (!Files.isDirectory(home())) {
            throw new CofferException(
                    ErrorCode.LOCAL,
                    "There is no device here yet.",
                    Map.of(
                            "home",
                            home().toString(),
                            CofferException.ADVICE,
                            "Make one with `coffer account create`, `coffer device join` or `coffer recover`."));
        }
    }

    /// @param certificate file with the service's certificate, where its operator made it
    RemoteSetup setup(@Nullable String certificate) throws CofferException {
        if (certificate != null) {
            ServiceTrust.keep(home(), terminal.resolve(certificate));
        }
        return new RemoteSetup(agents.connect(home()));
    }

    /// Shows how far work is, unless a program reads what is printed.
    Bar bar() {
        return new Bar(terminal, !json);
    }

    /// What every command prints when nothing more is to be said.
    static Json.Fields done() {
        return Json.object().put("done", true).build();
    }
}
