package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import java.io.PrintStream;
import java.util.function.Consumer;

/// A JSON document with one long list in it, printed item by item.
///
/// If the work fails after the first item, the document ends with the problem, and stays a document.
final class JsonList {

    interface Source {
        void each(Consumer<Json.Fields> item) throws CofferException;
    }

    private final PrintStream out;
    private final String name;
    private long items;

    JsonList(PrintStream out, String name) {
        this.out = out;
        this.name = name;
    }

    /// Returns the exit status.
    int print(Source source) throws CofferException {
        try {
            source.each(this::item);
        } catch (CofferException e) {
            if (items == 0) {
                throw e;
            }
            out.print("\n  ],\n  \"problem\": " + Wire.problem(e).line() + "\n}\n");
            return e.code().exitStatus();
        }
        out.print(items == 0 ? "{\n  \"" + name + "\": []\n}\n" : "\n  ]\n}\n");
        return Exit.OK;
    }

    private void item(Json.Fields item) {
        out.print((items == 0 ? "{\n  \"" + name + "\": [" : ",") + "\n    " + item.line());
        items++;
    }
}
