package coffer.service.evaluation;

import java.io.IOException;

/// Where measurements go; a [Journal] but for tests.
interface StateLog extends AutoCloseable {

    void append(Measurement measurement) throws IOException;

    /// What was appended survives a loss of power.
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
