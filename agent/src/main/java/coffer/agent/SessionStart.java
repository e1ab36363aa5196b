package coffer.agent;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Whether the system starts the agent of a home with its user's session.
public final class SessionStart {

    public enum Platform {
        LINUX,
        MACOS,
        WINDOWS;

        static Platform of(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean mac = lower.contains("mac") || lower.contains("darwin");
            return mac ? MACOS : lower.contains("win") ? WINDOWS : LINUX;
        }
    }

    /// Runs programs of the system.
    @FunctionalInterface
    public interface Programs {
        /// Its exit status; -1 if it is not there or does not end in time.
        int run(List<String> command);
    }

    /// @param next what the person has to do; empty if the system has done it
    public record Installed(Path file, Optional<String> next) {}

    /// What the launcher script says it is, so that a new build is found where the old one was.
    private static final String LAUNCHER = "coffer.launcher";

    private static final String JDK = "COFFER_JAVA_HOME";

    private final Platform platform;
    private final Path home;
    private final Path userHome;
    private final Map<String, String> environment;
    private final Programs programs;

    public SessionStart(Platform platform, Path home, Path userHome, Map<String, String> environment, Programs programs) {
        this.platform = platform;
        this.home = home.toAbsolutePath().normalize();
        this.userHome = userHome;
        this.environment = Map.copyOf(environment);
        this.programs = programs;
    }

    public static Platform platform() {
        return Platform.of(System.getProperty("os.name", ""));
    }

    /// The home that nobody names has the plain name; others are told apart by their path.
    private String name() {
        if (home.equals(userHome.resolve(".coffer"))) {
            return "coffer";
        }
        Bytes hash = Hash.of(home.toString().getBytes(StandardCharsets.UTF_8)).value();
        return "coffer-" + hash.hex().substring(0, 8);
    }

    /// The file that the system reads.
    public Path file() {
        return switch (platform) {
            case LINUX -> Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                    .map(Path::of)
                    .filter(Path::isAbsolute)
                    .orElse(userHome.resolve(".config"))
                    .resolve("systemd/user")
                    .resolve(name() + ".service");
            case MACOS -> userHome.resolve("Library/LaunchAgents").resolve(name() + ".agent.plist");
            case WINDOWS -> home.resolve("session-task.xml");
        };
    }

    public boolean isInstalled() {
        return Files.isRegularFile(file());
    }

    /// What the file says.
    public String text() throws CofferException {
        String launcher = System.getProperty(LAUNCHER, "");
        Map<String, String> needed = new HashMap<>();
        Optional.ofNullable(environment.get(JDK)).filter(jdk -> !jdk.isEmpty()).ifPresent(jdk -> needed.put(JDK, jdk));
        List<String> command = launcher.isEmpty()
                ? AgentJvm.command(home)
                : List.of(launcher, "--home", home.toString(), "agent", "run");
        SessionEntry entry = new SessionEntry(platform == Platform.MACOS ? name() + ".agent" : name(), command, needed);
        return switch (platform) {
            case LINUX -> entry.systemdUnit();
            case MACOS -> entry.launchdPlist();
            case WINDOWS -> entry.windowsTask();
        };
    }

    /// Writes the file and tells the system of it. `start` starts the agent through the system at once.
    public Installed install(boolean start) throws CofferException {
        Path file = file();
        String text = text();
        try {
            Files.createDirectories(file.getParent());
            Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
            Files.writeString(temporary, text);
            Files.move(temporary, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The file that the system reads cannot be written.", e);
        }
        return new Installed(file, next(start));
    }

    private Optional<String> next(boolean start) {
        String unit = name() + ".service";
        return switch (platform) {
            case LINUX -> {
                boolean enabled = programs.run(List.of("systemctl", "--user", "daemon-reload")) == 0
                        && programs.run(List.of("systemctl", "--user", "enable", unit)) == 0
                        && (!start || programs.run(List.of("systemctl", "--user", "start", unit)) == 0);
                yield enabled
                        ? Optional.empty()
                        : Optional.of("systemd does not answer here. In your session: systemctl --user daemon-reload &&"
                                + " systemctl --user enable --now " + unit);
            }
            case MACOS -> Optional.of("It starts with the next session. To start it now: launchctl bootstrap gui/$(id -u) "
                    + quoted(file()));
            case WINDOWS -> Optional.of("Register it: schtasks /Create /TN " + name() + " /XML \"" + file() + "\"");
        };
    }

    /// Returns false if there was nothing to take back. A running agent goes on.
    public boolean uninstall() throws CofferException {
        String unit = name() + ".service";
        if (!isInstalled()) {
            return false;
        }
        switch (platform) {
            case LINUX -> programs.run(List.of("systemctl", "--user", "disable", unit));
            case MACOS -> programs.run(List.of("launchctl", "remove", name() + ".agent"));
            case WINDOWS -> programs.run(List.of("schtasks", "/Delete", "/F", "/TN", name()));
        }
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The file that the system reads cannot be removed.", e);
        }
        if (platform == Platform.LINUX) {
            programs.run(List.of("systemctl", "--user", "daemon-reload"));
        }
        return true;
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
