package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Prints results and problems, for people or as JSON.
final class Output {

    private static final int PROBLEMS_SHOWN = 20;

    private final Coffer coffer;
    private final Terminal terminal;

    Output(Coffer coffer, Terminal terminal) {
        this.coffer = coffer;
        this.terminal = terminal;
    }

    boolean isJson() {
        return coffer.isJson();
    }

    void json(Json json) {
        terminal.out().print(json.pretty() + "\n");
    }

    /// A list as a JSON document; for lists that fit into memory (others: [JsonList]).
    <T> void items(List<T> list, Function<T, Json.Fields> item) {
        json(Json.object().put("items", list.stream().map(item).toList()).build());
    }

    void line(String line) {
        terminal.out().print(line + "\n");
    }

    void table(Table table) {
        table.lines().forEach(this::line);
    }

    /// Something for the person beside the result; nothing for programs.
    void note(String line) {
        if (!isJson()) {
            terminal.out().flush();
            terminal.err().print(line + "\n");
        }
    }

    /// A result as one sentence or as JSON.
    void result(String sentence, Json.Fields json) {
        if (isJson()) {
            json(json);
        } else {
            line(sentence);
        }
    }

    /// What could not be done while the rest went on; JSON results hold the same list.
    int problems(List<Problem> problems) {
        showProblems(problems);
        return problems.isEmpty() ? Exit.OK : Exit.PROBLEMS;
    }

    void showProblems(List<Problem> problems) {
        if (!isJson()) {
            int shown = coffer.isVerbose() ? problems.size() : Math.min(problems.size(), PROBLEMS_SHOWN);
            for (Problem problem : problems.subList(0, shown)) {
                note("! " + Shown.name(problem.where()) + ": " + problem.message() + " (" + problem.code() + ")");
            }
            if (shown < problems.size()) {
                note("! and " + (problems.size() - shown) + " more; -v shows all");
            }
        }
    }

    int failed(CofferException error) {
        if (isBug(error)) {
            return bug(error.details().getOrDefault("type", ""));
        }
        print(Wire.problem(error));
        return error.code().exitStatus();
    }

    void print(Json.Fields problem) {
        if (isJson()) {
            json(Json.object().put("problem", problem).build());
            return;
        }
        terminal.err().print("coffer: " + problem.text("message") + " (" + problem.text("code") + ")\n");
        terminal.err().print("  " + problem.text("advice") + "\n");
        for (Map.Entry<String, Json> detail : problem.fields("details").values().entrySet()) {
            if (coffer.isVerbose() && detail.getValue() instanceof Json.Text text) {
                terminal.err().print("  " + detail.getKey() + ": " + Shown.name(text.value()) + "\n");
            }
        }
    }

    void misused(String message) {
        if (isJson()) {
            Json.Fields problem = Json.object()
                    .put("code", "USAGE")
                    .put("message", message)
                    .put("advice", "`coffer COMMAND --help` explains it.")
                    .put("details", Json.object().build())
                    .build();
            json(Json.object().put("problem", problem).build());
        } else {
            terminal.err().print("coffer: " + Shown.name(message) + "\n");
        }
    }

    int faulty(Exception error) {
        if (coffer.isVerbose()) {
            error.printStackTrace(terminal.err());
        }
        return bug(error.getClass().getName());
    }

    private static boolean isBug(CofferException error) {
        return "BUG".equals(error.details().get("code"));
    }

    private int bug(String type) {
        print(Json.object()
                .put("code", "BUG")
                .put("message", "Something is wrong in Coffer itself.")
                .put("advice", "What was committed is safe. Please report this, with what -v shows and the end of agent.log.")
                .put("details", Json.object().put("type", type).build())
                .build());
        return Exit.BUG;
    }
}
