package coffer.service.evaluation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Time that passes only by sleeping, at once. Threads that sleep together wake together.
final class FakeTime implements EvaluationTime {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private long nanos;

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        long wake = nanos() + duration.toNanos();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        synchronized (this) {
            nanos = Math.max(nanos, wake);
        }
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return now();
            }
        };
    }
}
