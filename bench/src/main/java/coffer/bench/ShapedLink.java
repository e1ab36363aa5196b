package coffer.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A line to a server somewhere else, as a TCP proxy on loopback: what comes in goes out half a round trip later, each
/// connection carries so much in each direction, and all together so much.
final class ShapedLink implements AutoCloseable {

    private static final int PIECE_BYTES = 16 << 10;
    private static final byte[] END = new byte[0];

    /// A pipe of fixed width: who books waits for those before.
    private static final class Width {
        private final double nanosPerByte;
        private long freeNs = System.nanoTime();

        Width(long bytesPerSecond) {
            nanosPerByte = 1e9 / bytesPerSecond;
        }

        /// When the last of these bytes has gone in.
        synchronized long book(int bytes) {
            freeNs = Math.max(freeNs, System.nanoTime()) + (long) (bytes * nanosPerByte);
            return freeNs;
        }
    }

    private record Piece(byte[] bytes, long dueNs) {}

    private final ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final URI target;
    private final Duration roundTrip;
    private final long perConnection;
    private final Width up;
    private final Width down;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /// @param perConnection bytes per second in each direction
    /// @param together      of all connections, in each direction
    ShapedLink(URI target, Duration roundTrip, long perConnection, long together) throws IOException {
        this.target = target;
        this.roundTrip = roundTrip;
        this.perConnection = perConnection;
        this.up = new Width(together);
        this.down = new Width(together);
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// Connections that were open at once, at most, since the last time this was asked.
    int most() {
        return most.getAndSet(open.get());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        try (client;
                Socket server = new Socket(target.getHost(), target.getPort())) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            TimeUnit.NANOSECONDS.sleep(roundTrip.toNanos()); // its three-way handshake
            Thread there = carry(client.getInputStream(), server, up);
            Thread back = carry(server.getInputStream(), client, down);
            there.join();
            back.join();
        } catch (IOException e) {
            // A connection that breaks is one that ended.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    /// Takes in at the pace of the line; a second thread gives out half a round trip later.
    private Thread carry(InputStream in, Socket to, Width all) {
        BlockingQueue<Piece> line = new LinkedBlockingQueue<>();
        Width own = new Width(perConnection);
        Thread.ofVirtual().start(() -> {
            byte[] buffer = new byte[PIECE_BYTES];
            try {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    long gone = Math.max(own.book(count), all.book(count));
                    line.add(new Piece(Arrays.copyOf(buffer, count), gone + roundTrip.toNanos() / 2));
                    sleepUntil(gone);
                }
            } catch (IOException | InterruptedException e) {
                // What was taken in is still given out.
                Thread.currentThread().interrupt();
            } finally {
                line.add(new Piece(END, 0));
            }
        });
        return Thread.ofVirtual().start(() -> give(line, to));
    }

    private static void give(BlockingQueue<Piece> line, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Piece piece = line.take(); piece.bytes().length > 0; piece = line.take()) {
                sleepUntil(piece.dueNs());
                out.write(piece.bytes());
            }
            to.shutdownOutput();
        } catch (IOException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleepUntil(long timeNs) throws InterruptedException {
        long left = timeNs - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
