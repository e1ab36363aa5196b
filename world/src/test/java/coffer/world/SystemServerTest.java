package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.service.evaluation.Capabilities;
import coffer.service.evaluation.Check;
import coffer.service.evaluation.Report;
import coffer.store.ObjectStore;
import coffer.store.ObjectStoreContract;
import coffer.store.RetryPolicy;
import coffer.store.S3Location;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The S3 servers that people run, against the rules of a store, and as subjects of an evaluation in which they are killed and
/// started again.
class SystemServerTest {

    @TempDir
    static Path folder = Path.of("");

    abstract static class Rules extends ObjectStoreContract {
        private SystemServer server;

        abstract SystemServer start() throws IOException, InterruptedException;

        @BeforeAll
        void startServer() throws IOException, InterruptedException {
            server = start();
        }

        @AfterAll
        void stopServer() {
            if (server != null) {
                server.close();
            }
        }

        @Override
        protected ObjectStore openEmpty() {
            return Evaluating.open(server.newPlace(), server.credentials(), RetryPolicy.DEFAULT);
        }

        Capabilities evaluate(String id, Duration duration) throws Exception {
            S3Location place = server.newPlace();
            var changes = Map.of("availability", "0%", "restarts-min", "1");
            Report report = Evaluating.evaluate(
                    folder, id, place, server.credentials(), duration, changes, server::restart);
            assertThat(Evaluating.failures(report)).isEmpty();
            assertThat(report.passed()).isTrue();
            try (ObjectStore store = Evaluating.open(place, server.credentials(), RetryPolicy.DEFAULT)) {
                assertThat(store.list("", "", 10)).as("left behind").isEmpty();
            }
            return report.capabilities();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Ceph extends Rules {
        @Override
        SystemServer start() throws IOException, InterruptedException {
            return SystemServer.ceph();
        }

        @Test
        void passesAnEvaluation_inWhichItsGatewayIsKilled() throws Exception {
            assertThat(evaluate("ceph", Duration.ofSeconds(12)).has(Check.CONDITIONAL_WRITE)).isTrue();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Swift extends Rules {
        @Override
        SystemServer start() throws IOException, InterruptedException {
            return SystemServer.swift();
        }

        @Test
        void passesAnEvaluation_inWhichItsProxyIsKilled() throws Exception {
            assertThat(evaluate("swift", Duration.ofSeconds(15)).answers().get(Check.CONDITIONAL_WRITE))
                    .isEqualTo(Capabilities.Answer.NO);
        }
    }
}
