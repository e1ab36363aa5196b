package coffer.service.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Where measurements go; a [Journal] but for tests.
interface StateLog extends AutoCloseable {

    void append(Measurement measurement) throws IOException;

    /// What was appended survives a loss of power.
    void force() throws IOException;

    @Override
    void close() throws IOException;

    /// Opens the file of an evaluation and hands over what it holds.
    @FunctionalInterface
    interface Opener {
        StateLog open(Path file, Consumer<Measurement> each) throws IOException;
    }
}
