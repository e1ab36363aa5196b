package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.Hash;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MailboxesTest {

    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Bytes LETTER = Bytes.of(new byte[Mailboxes.LETTER_BYTES_MAX]);
    private final AtomicLong nanos = new AtomicLong();
    private final Mailboxes mailboxes = new Mailboxes(1_000, LIFE, nanos::get);

    @Test
    void letters_areGoneAfterTheirTime() throws Exception {
        mailboxes.put(box(1), 0, LETTER);
        nanos.addAndGet(LIFE.toNanos() - 1);
        assertThat(mailboxes.take(box(1), 0, Duration.ZERO)).contains(LETTER);
        nanos.addAndGet(1);
        assertThat(mailboxes.take(box(1), 0, Duration.ZERO)).isEmpty();
        assertThat(mailboxes.size()).isZero();
    }

    @Test
    void laterLetters_doNotProlongTheBox() throws Exception {
        mailboxes.put(box(1), 0, LETTER);
        nanos.addAndGet(LIFE.toNanos() / 2);
        mailboxes.put(box(1), 1, LETTER);
        nanos.addAndGet(LIFE.toNanos() / 2);
        assertThat(mailboxes.take(box(1), 1, Duration.ZERO)).isEmpty();
    }

    @Test
    void bytesInAllBoxes_areBoundedAndFreedAgain() {
        int stored = 0;
        while (mailboxes.put(box(stored), 0, LETTER) == Mailboxes.Result.STORED) {
            stored++;
        }
        assertThat(stored).isEqualTo((16 << 20) / Mailboxes.LETTER_BYTES_MAX);
        nanos.addAndGet(LIFE.toNanos());
        assertThat(mailboxes.put(box(0), 0, LETTER)).isEqualTo(Mailboxes.Result.STORED);
    }

    @Test
    void closing_letsThoseWhoWaitGo() throws Exception {
        Mailboxes real = new Mailboxes(10, LIFE, System::nanoTime);
        var waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return real.take(box(1), 0, Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(50);
        real.close();
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEmpty();
        assertThat(real.put(box(1), 0, LETTER)).isEqualTo(Mailboxes.Result.NO_ROOM);
    }

    private static Bytes box(int number) {
        return Hash.of(new byte[] {(byte) (number >> 8), (byte) number}).value();
    }
}
