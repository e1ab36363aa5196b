package coffer.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// Where the agent of a home is found and what proves to it that a caller may read the home: `agent.json`, readable
/// by the owner alone.
///
/// @param port    on 127.0.0.1
/// @param token   what every call must carry
/// @param pid     of the agent's process
/// @param started when that process started, in milliseconds, so that a reused process id is not taken for it
/// @param build   what the agent was built from; a command of another build starts a new agent
record AgentInfo(int port, String token, long pid, long started, String build) {

    static final String FILE = "agent.json";
    private static final int SIZE_MAX = 4096;

    /// What is written in the home; empty if nothing is, or nothing that can be understood.
    static Optional<AgentInfo> read(Path home) {
        Path file = home.resolve(FILE);
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length > SIZE_MAX ? Optional.empty() : Optional.of(decode(bytes));
        } catch (IOException | Json.JsonException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    static AgentInfo decode(byte[] bytes) {
        Json.Fields json = Json.parseObject(new String(bytes, StandardCharsets.UTF_8));
        return new AgentInfo(
                Math.toIntExact(json.whole("port")),
                json.text("token"),
                json.whole("pid"),
                json.whole("started"),
                json.text("build"));
    }

    /// Replaces the file in one step, so that a reader meets the old one or the new one.
    void write(Path home) throws IOException {
        String json = Json.object()
                .put("port", port)
                .put("token", token)
                .put("pid", pid)
                .put("started", started)
                .put("build", build)
                .build()
                .line();
        OwnerOnly.replace(home.resolve(FILE), json.getBytes(StandardCharsets.UTF_8));
    }

    /// Whether the process that wrote this still lives. While it does, the port is its own, so no other user can sit
    /// behind it and be told secrets.
    boolean alive() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isPresent() && process.get().isAlive() && sameStart(process.get());
    }

    private boolean sameStart(ProcessHandle process) {
        Optional<Instant> start = process.info().startInstant();
        return start.isEmpty() || started == 0 || start.get().toEpochMilli() == started;
    }

    static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
