package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.sync.plan.LocalPath;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnreadableTest {

    private final AtomicLong now = new AtomicLong();
    private final Unreadable unreadable = new Unreadable(now::get);
    private final LocalPath file = new LocalPath(List.of("a", "b"));

    private void cannotRead() {
        unreadable.add(file, new CofferException(ErrorCode.LOCAL, "It may not be read."));
    }

    @Test
    void whatCannotBeRead_isSaidWithItsReason_untilItIsRead() {
        cannotRead();
        cannotRead();
        assertThat(unreadable.problems("/home/x")).containsExactly(new Device.Problem("/home/x/a/b", "LOCAL", "It may not be read."));
        unreadable.forget(file);
        assertThat(unreadable.problems("/home/x")).isEmpty();
    }

    @Test
    void whatIsNotTriedAnyMore_isForgotten() {
        cannotRead();
        now.addAndGet(100_000_000_000L);
        cannotRead();
        now.addAndGet(100_000_000_000L);
        assertThat(unreadable.problems("")).hasSize(1);
        now.addAndGet(100_000_000_000L);
        assertThat(unreadable.problems("")).isEmpty();
    }
}
