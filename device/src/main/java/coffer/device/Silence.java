package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Says when nothing has come of the other devices for long. A service can say for ever that there is nothing new, and nobody who asks only that service
/// can tell: what can be known is when others, as they signed it, wrote last.
///
/// Only devices count that have written at all, so that one that only reads is not missed.
final class Silence {

    /// Of devices in use some writes within a month, or nearly none does anything.
    static final Duration LONG = Duration.ofDays(30);

    /// A device's newest entry, by its own claim.
    record Heard(DeviceId device, long timeMs) {}

    private final Replica replica;
    private final LogId vault;
    private final Clock clock;

    Silence(Replica replica, LogId vault, Clock clock) {
        this.replica = replica;
        this.vault = vault;
        this.clock = clock;
    }

    /// @param counts whether a device is another one of the account now
    Optional<Device.Problem> problem(Predicate<DeviceId> counts, Function<DeviceId, String> name) throws CofferException {
        return lastOf(heard(), counts)
                .filter(last -> clock.millis() - last.timeMs() > LONG.toMillis())
                .map(last -> new Device.Problem(
                        "news",
                        ErrorCode.UNAVAILABLE.name(),
                        "nothing that another device wrote has come for " + (clock.millis() - last.timeMs()) / Duration.ofDays(1).toMillis()
                                + " days; the last was of " + name.apply(last.device()) + ". If one of them has written since, the service keeps"
                                + " it from this device: compare with `coffer status` there. Nothing is deleted meanwhile"));
    }

    static Optional<Heard> lastOf(List<Heard> heard, Predicate<DeviceId> counts) {
        return heard.stream().filter(one -> counts.test(one.device())).max(Comparator.comparingLong(Heard::timeMs));
    }

    private List<Heard> heard() throws CofferException {
        return replica.read(vault, (tx, ref) -> {
            List<Heard> heard = new ArrayList<>();
            try (Tx.Rows rows = tx.query("SELECT author, max(time_ms) FROM applied WHERE vault = ? GROUP BY author", ref.num())) {
                while (rows.next()) {
                    heard.add(new Heard(DeviceId.of(rows.bytes(1)), rows.number(2)));
                }
            }
            return heard;
        });
    }
}
