package coffer.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// How long after an append is sent a thousand listening devices have been told.
///
/// The listeners are connections of one thread that reads and counts, so that they cost little of what the service needs.
final class FanOutBench {

    private static final int LISTENERS = 1_000;
    private static final int WARM_UPS = 30;
    private static final int APPENDS = 100;
    private static final long WAIT_NANOS = 5_000_000_000L;

    private final URI address;
    private final LoadAccount account;
    private final LoadAccount.Vault vault;
    private final Results results;

    FanOutBench(URI address, LoadAccount account, LoadAccount.Vault vault, Results results) {
        this.address = address;
        this.account = account;
        this.vault = vault;
        this.results = results;
    }

    void run(int history) throws IOException {
        try (Selector selector = Selector.open();
                LoopbackHttp http = new LoopbackHttp(address.getPort())) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
            for (int i = 0; i < LISTENERS; i++) {
                listen(selector, buffer);
            }
            // What each is told at first: where every log stands.
            drain(selector, buffer);
            double[] median = new double[APPENDS];
            double[] last = new double[APPENDS];
            for (int i = -WARM_UPS; i < APPENDS; i++) {
                long start = System.nanoTime();
                vault.append(http);
                long[] told = receive(selector, buffer, "\"sequence\":" + vault.head().sequence(), start);
                if (i >= 0) {
                    median[i] = told[LISTENERS / 2] / 1e6;
                    last[i] = told[LISTENERS - 1] / 1e6;
                }
            }
            Arrays.sort(last);
            String figure = String.format(
                    Locale.ROOT,
                    "half of %d told after %.1f ms, the last after %.1f ms (medians of %d appends, worst %.1f ms)",
                    LISTENERS,
                    Results.median(median),
                    Results.median(last),
                    APPENDS,
                    last[APPENDS - 1]);
            results.figure(String.format(Locale.ROOT, "fan-out, %5d accounts", history), figure);
            System.out.println("fan-out: " + figure);
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
    }

    /// One after the other, because the service serves only so many requests of one account at once.
    private void listen(Selector selector, ByteBuffer buffer) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
        String request = "GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort() + "\r\nAuthorization: Bearer "
                + account.token() + "\r\nAccept: text/event-stream\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        buffer.clear();
        channel.read(buffer);
        String answer = StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("a listener was refused: " + answer.lines().findFirst().orElse("nothing"));
        }
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    /// Reads until nothing has come for a while.
    private static void drain(Selector selector, ByteBuffer buffer) throws IOException {
        while (selector.select(3_000) > 0) {
            for (SelectionKey key : selector.selectedKeys()) {
                buffer.clear();
                ((SocketChannel) key.channel()).read(buffer);
            }
            selector.selectedKeys().clear();
        }
    }

    /// Nanoseconds after `start` at which each listener had the words, in ascending order.
    private static long[] receive(Selector selector, ByteBuffer buffer, String words, long start) throws IOException {
        long[] told = new long[LISTENERS];
        int count = 0;
        while (count < LISTENERS) {
            if (System.nanoTime() - start > WAIT_NANOS) {
                throw new IOException("only " + count + " listeners were told");
            }
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                buffer.clear();
                if (((SocketChannel) key.channel()).read(buffer) < 0) {
                    throw new IOException("a stream was ended");
                }
                buffer.flip();
                // One small event is one segment, so the words are not torn apart.
                if (StandardCharsets.ISO_8859_1.decode(buffer).toString().contains(words)) {
                    told[count++] = System.nanoTime() - start;
                }
            }
            selector.selectedKeys().clear();
        }
        return told;
    }
}
