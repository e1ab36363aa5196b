package coffer.service.evaluation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/// The state file of one evaluation: lines that are only ever added, one measurement each.
///
/// A crash leaves whole lines and perhaps a part of one at the end, which is cut off when the file is opened again. Any
/// other line that cannot be read is damage, and the file is refused.
final class Journal implements StateLog {

    /// Longer lines are never written.
    private static final int LINE_BYTES_MAX = 64 << 10;

    /// Not a channel: an interrupt, by which evaluations are stopped, would close it.
    private final RandomAccessFile file;

    private Journal(RandomAccessFile file) {
        this.file = file;
    }

    /// Opens or makes the file, hands over its measurements and cuts off a torn end.
    ///
    /// @throws IOException it is damaged
    static Journal open(Path path, Consumer<Measurement> each) throws IOException {
        var file = new RandomAccessFile(path.toFile(), "rw");
        try {
            long end = replay(path, each);
            if (end < file.length()) {
                file.setLength(end);
                file.getFD().sync();
            }
            file.seek(end);
            return new Journal(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// Reads without changing anything.
    ///
    /// @return the position after the last whole line
    static long replay(Path file, Consumer<Measurement> each) throws IOException {
        long position = 0;
        var line = new ByteArrayOutputStream(256);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 << 10];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                int start = 0;
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == '\n') {
                        line.write(buffer, start, i - start);
                        each.accept(MeasurementJson.parse(line.toByteArray()));
                        position += line.size() + 1;
                        line.reset();
                        start = i + 1;
                    }
                }
                line.write(buffer, start, count - start);
                if (line.size() > LINE_BYTES_MAX) {
                    throw new IOException("a line of the state file is too long");
                }
            }
        }
        return position;
    }

    @Override
    public void append(Measurement measurement) throws IOException {
        byte[] line = MeasurementJson.line(measurement);
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        file.write(ended);
    }

    @Override
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
