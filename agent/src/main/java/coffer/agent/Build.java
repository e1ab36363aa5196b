package coffer.agent;

/// Which build this process runs: the launcher says so, and command and agent compare it, because an agent of an older
/// build may not understand a newer command.
public final class Build {

    public static final String VERSION = "0.1.0";

    private static final String PROPERTY = "coffer.build";

    private Build() {}

    public static String id() {
        return VERSION + "+" + System.getProperty(PROPERTY, "unknown");
    }

    /// The JVM option that gives a started process the same answer.
    static String option() {
        return "-D" + PROPERTY + "=" + System.getProperty(PROPERTY, "unknown");
    }
}
