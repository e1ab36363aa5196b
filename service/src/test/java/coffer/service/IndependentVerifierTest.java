package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coffer.core.tlog.Statement;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// docs/spec/verify-transparency.py, which was written from the published specifications alone, verifies what the service
/// serves, and refuses it when anything is altered on the way.
class IndependentVerifierTest extends ServiceHarness {

    private static final String PROGRAM = "../docs/spec/verify-transparency.py";
    private static final int ENTRIES = 700;

    private record Run(int status, String output) {}

    /// What a middleman makes of the answer to a path.
    private interface Alteration {
        byte[] of(String path, byte[] answer);
    }

    private static Run run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }

    private Run verify(URI prefix, String... older) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("python3", PROGRAM, prefix + "/tlog", service.transparency().verifier().text()));
        command.addAll(List.of(older));
        return run(command);
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return run(List.of("python3", "--version")).status() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void fill(int until) throws Exception {
        List<Statement> statements = new ArrayList<>();
        for (long number = service.transparency().size(); number < until; number++) {
            statements.add(new Statement.OperatorAction(number, "test", "action " + number));
        }
        service.transparency().append(statements);
    }

    private static String older(byte[] checkpoint) {
        String[] lines = new String(checkpoint, StandardCharsets.UTF_8).split("\n", 4);
        return lines[1] + ":" + lines[2];
    }

    @Test
    void theServedLog_isVerified_asAnExtensionOfEveryOlderOne() throws Exception {
        assumeTrue(hasPython(), "needs python3");
        List<String> older = new ArrayList<>();
        for (int size : new int[] {5, 255, 256, 257, 511, 512, ENTRIES}) {
            fill(size);
            older.add(older(service.transparency().checkpoint()));
        }
        Run run = verify(service.address(), older.toArray(String[]::new));
        assertThat(run.output()).startsWith("verified: size " + ENTRIES + ", root ").endsWith(", 4 tiles\n");
        assertThat(run.status()).isZero();
        assertThat(verify(service.address(), "256:" + older.getFirst().split(":", 2)[1]).output())
                .isEqualTo("not verified: the older checkpoint is not a beginning of this log\n");
    }

    @Test
    void anythingAlteredOnTheWay_isRefused() throws Exception {
        assumeTrue(hasPython(), "needs python3");
        fill(300);
        assertRefused(flipping("/tlog/checkpoint", 25), "");
        assertRefused(flipping("/tlog/checkpoint", 120), "");
        assertRefused(flipping("/tlog/tile/entries/000", 40), "the entries do not lead to the signed root");
        assertRefused(flipping("/tlog/tile/entries/001.p/44", 3), "the entries do not lead to the signed root");
        assertRefused(flipping("/tlog/tile/0/000", 8_000), "a tile does not agree with the entries");
        assertRefused(flipping("/tlog/tile/0/001.p/44", 0), "a tile does not agree with the entries");
        assertRefused(flipping("/tlog/tile/1/000.p/1", 31), "a tile does not agree with the entries");
    }

    private static Alteration flipping(String path, int at) {
        return (asked, answer) -> {
            if (asked.equals(path)) {
                answer[at] ^= 1;
            }
            return answer;
        };
    }

    private void assertRefused(Alteration alteration, String reason) throws Exception {
        HttpServer middleman = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        middleman.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                byte[] answer = alteration.of(path, client.get(null, path).expect(200).body());
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        middleman.start();
        try {
            Run run = verify(URI.create("http://127.0.0.1:" + middleman.getAddress().getPort()));
            assertThat(run.output()).contains("not verified: " + reason);
            assertThat(run.status()).isEqualTo(1);
        } finally {
            middleman.stop(0);
        }
    }
}
