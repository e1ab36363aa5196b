package coffer.store;

import java.time.Duration;
import org.junit.jupiter.api.Nested;

/// Wrappers with nothing to do keep the contract of what they wrap.
class PassingThroughTest {

    @Nested
    class FaultyWithoutRules extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmpty() {
            return new FaultyStore(new MemoryStore());
        }
    }

    @Nested
    class ShapedOnAFastLine extends ObjectStoreContract {
        @Override
        protected ObjectStore openEmpty() {
            return new ShapedStore(new MemoryStore(), Duration.ofNanos(1_000), 1_000_000_000);
        }
    }
}
