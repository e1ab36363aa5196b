package coffer.service.evaluation;

import coffer.store.Ticks;
import java.time.Duration;
import java.time.Instant;

/// Time as an evaluation needs it: durations by ticks, and the time of day, which is only ever shown.
public interface EvaluationTime extends Ticks {

    Instant now();

    /// The time of this computer.
    EvaluationTime REAL = new EvaluationTime() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return Ticks.SYSTEM.nanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Ticks.SYSTEM.sleep(duration);
        }
    };
}
