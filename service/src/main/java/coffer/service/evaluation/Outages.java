package coffer.service.evaluation;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Tells outages from single answers, for each kind of call.
final class Outages {

    /// Of a provider that comes and goes all the time, the longest ones tell enough.
    static final int KEPT_MAX = 100;

    private final Map<Operation, Long> open = new EnumMap<>(Operation.class);
    private final PriorityQueue<Outage> longest = new PriorityQueue<>();
    private int count;
    private int readOutagesOver;

    void failed(Operation operation, long at, long micros) {
        open.putIfAbsent(operation, Math.max(0, at - micros / 1_000));
    }

    void answered(Operation operation, long at) {
        Long from = open.remove(operation);
        if (from != null) {
            over(new Outage(operation, from, at));
            readOutagesOver += operation == Operation.GET ? 1 : 0;
        }
    }

    private void over(Outage outage) {
        count++;
        longest.add(outage);
        if (longest.size() > KEPT_MAX) {
            longest.remove();
        }
    }

    /// What is not served at the end was out until then.
    void end(long at) {
        open.forEach((operation, from) -> over(new Outage(operation, from, at)));
        open.clear();
    }

    int count() {
        return count + open.size();
    }

    /// Times that reading failed and then went on: what a restart of the endpoint looks like.
    int readOutagesOver() {
        return readOutagesOver;
    }

    long longest(long now) {
        return Math.max(longest.stream().mapToLong(Outage::length).max().orElse(0), open(now));
    }

    /// How long the outage that goes on has lasted; -1 if there is none.
    long open(long now) {
        return open.values().stream().mapToLong(from -> now - from).max().orElse(-1);
    }

    /// The longest first.
    List<Outage> list() {
        return longest.stream().sorted(Comparator.reverseOrder()).toList();
    }
}
