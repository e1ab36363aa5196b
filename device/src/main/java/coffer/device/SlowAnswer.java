package coffer.device;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Reads an answer's body, and gives up on one that drips: the JDK's client watches only over the head of an answer, so that
/// a service could hold a request for as long as it likes.
///
/// There is no deadline for the whole, because a long answer over a slow line is honest; there is a rate that no line in use falls
/// below for long.
final class SlowAnswer extends IOException {

    private static final long serialVersionUID = 1;

    private static final int PIECE = 16 << 10;

    /// What may come slowly.
    ///
    /// @param patience       for which any rate will do
    /// @param bytesPerSecond from then on, over the whole time so far
    record Floor(Duration patience, long bytesPerSecond) {

        /// A tenth of what a modem of 1995 could do.
        static final Floor OF_ANSWERS = new Floor(Duration.ofSeconds(20), 512);

        boolean isUndercut(long bytes, long elapsedNs) {
            return elapsedNs > patience.toNanos() && bytes < bytesPerSecond * (elapsedNs / 1e9);
        }
    }

    private SlowAnswer() {
        super("the answer comes too slowly");
    }

    /// Reads until the end, or one byte more than `max`.
    static byte[] read(InputStream in, int max, Floor floor) throws IOException {
        Watch watch = new Watch(in, floor);
        Thread guard = Thread.ofVirtual().start(watch);
        try {
            java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
            byte[] piece = new byte[PIECE];
            while (body.size() <= max) {
                int read = in.read(piece, 0, Math.min(PIECE, max + 1 - body.size()));
                if (read < 0) {
                    break;
                }
                body.write(piece, 0, read);
                watch.bytes = body.size();
            }
            if (watch.gaveUp) {
                throw new SlowAnswer();
            }
            return body.toByteArray();
        } catch (IOException e) {
            throw watch.gaveUp ? new SlowAnswer() : e;
        } finally {
            watch.done.countDown();
            guard.interrupt();
        }
    }

    /// Closes the stream when too little comes, which wakes its reader.
    private static final class Watch implements Runnable {
        private final InputStream in;
        private final Floor floor;
        private final long startNs = System.nanoTime();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile long bytes;
        private volatile boolean gaveUp;

        Watch(InputStream in, Floor floor) {
            this.in = in;
            this.floor = floor;
        }

        @Override
        public void run() {
            try {
                while (!done.await(floor.patience().toNanos() / 4, TimeUnit.NANOSECONDS)) {
                    if (floor.isUndercut(bytes, System.nanoTime() - startNs)) {
                        gaveUp = true;
                        in.close();
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                // The reader that this wakes says so.
                gaveUp = true;
            }
        }
    }
}
