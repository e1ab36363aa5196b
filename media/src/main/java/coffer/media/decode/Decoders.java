package coffer.media.decode;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The processes that look at pictures, as many as are wanted at once. One that takes too long or too much is killed, and the next
/// picture gets a new one: a hostile picture costs its own preview. Any thread may call.
public final class Decoders implements AutoCloseable {

    /// For one picture; the slowest honest one takes a tenth.
    private static final long TIME_MAX_S = 20;

    /// For bringing one there, which may come over a slow network.
    private static final long SEND_MAX_S = 1_800;

    /// Pictures after which a process is let go, so that what a decoder forgets to give back does not add up.
    private static final int PICTURES_MAX = 2_000;

    private static final String HEAP = "-Xmx320m";

    /// For all that the process has, so also for what libraries take beside the heap.
    static final int MEMORY_KB = 900_000;

    private final LinkedBlockingDeque<Child> idle = new LinkedBlockingDeque<>();
    private final java.util.concurrent.Semaphore room;
    private final List<String> command;
    private volatile boolean closed;

    /// @param count processes at once
    public Decoders(int count) {
        this(count, command());
    }

    Decoders(int count, List<String> command) {
        this.room = new java.util.concurrent.Semaphore(count);
        this.command = List.copyOf(command);
    }

    /// The same Java and class path as this process, little memory, and where the system allows it no network at all.
    private static List<String> command() {
        List<String> command = new ArrayList<>(Isolation.prefix(MEMORY_KB));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xss512k",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                DecoderMain.class.getName()));
        return command;
    }

    private static String classPath() {
        List<String> absolute = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            absolute.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, absolute);
    }

    /// No process can be started.
    public static final class Unavailable extends IOException {
        private static final long serialVersionUID = 1;

        Unavailable(IOException cause) {
            super(cause);
        }
    }

    /// Looks at a picture of `size` bytes. What cannot be decoded is blank, whatever became of the process; an [IOException] is of `in`,
    /// or an [Unavailable].
    public Looked look(InputStream in, long size) throws IOException {
        if (size > DecoderMain.FILE_MAX || size < 1) {
            return Looked.blank();
        }
        room.acquireUninterruptibly();
        try {
            Child idleOne = idle.pollFirst();
            Child child = idleOne == null ? start() : idleOne;
            boolean sent = false;
            Looked looked = null;
            try {
                sent = child.send(in, (int) size);
                looked = sent ? child.answer() : null;
            } finally {
                giveBack(child, looked != null);
            }
            return looked == null ? Looked.blank() : looked;
        } finally {
            room.release();
        }
    }

    private Child start() throws Unavailable {
        try {
            return new Child(command);
        } catch (IOException e) {
            throw new Unavailable(e);
        }
    }

    private void giveBack(Child child, boolean whole) {
        if (whole && !closed && child.isWell()) {
            idle.addFirst(child);
            if (closed) {
                close();
            }
        } else {
            child.kill();
        }
    }

    /// Lets go of processes that have nothing to do.
    public void rest() {
        for (Child child = idle.pollFirst(); child != null; child = idle.pollFirst()) {
            child.kill();
        }
    }

    @Override
    public void close() {
        closed = true;
        rest();
    }

    /// One process.
    private static final class Child {

        private final Process process;
        private final DataOutputStream to;
        private final DataInputStream from;
        private int pictures;
        private boolean broken;

        Child(List<String> command) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().clear();
            builder.directory(new File(System.getProperty("java.io.tmpdir")));
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            this.process = builder.start();
            this.to = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 64 << 10));
            this.from = new DataInputStream(new BufferedInputStream(process.getInputStream(), 64 << 10));
        }

        /// False if the process did not take it; an [IOException] is of `in`.
        boolean send(InputStream in, int size) throws IOException {
            pictures++;
            broken = true;
            byte[] buffer = new byte[64 << 10];
            Thread watch = killAfter(SEND_MAX_S);
            try {
                if (!write(() -> to.writeInt(size))) {
                    return false;
                }
                for (int left = size; left > 0; ) {
                    int count = in.read(buffer, 0, Math.min(left, buffer.length));
                    if (count < 0) {
                        throw new IOException("the file has become shorter");
                    }
                    if (!write(() -> to.write(buffer, 0, count))) {
                        return false;
                    }
                    left -= count;
                }
                broken = !write(to::flush);
                return !broken;
            } finally {
                watch.interrupt();
            }
        }

        private interface Writing {
            void run() throws IOException;
        }

        private static boolean write(Writing writing) {
            try {
                writing.run();
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /// Null if it died, or answered nonsense.
        @Nullable Looked answer() {
            Thread watch = killAfter(TIME_MAX_S);
            try {
                return Looked.read(from);
            } catch (IOException e) {
                broken = true;
                return null;
            } finally {
                watch.interrupt();
            }
        }

        private Thread killAfter(long seconds) {
            return Thread.ofVirtual().start(() -> {
                try {
                    TimeUnit.SECONDS.sleep(seconds);
                    process.destroyForcibly();
                } catch (InterruptedException e) {
                    // it was quicker
                }
            });
        }

        boolean isWell() {
            return !broken && process.isAlive() && pictures < PICTURES_MAX;
        }

        void kill() {
            process.destroyForcibly();
        }
    }
}
