package coffer.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A model of joining, removing and recovering, explored through every order of steps up to a depth: two honest devices, one that is removed
/// and hostile from then on, a ghost that the hostile one lets in, the recovery key, and a service that shows everybody whatever it likes of what was ever signed.
///
/// A log is a string of entries, three letters each: what, by whom, of whom. That a string begins with another is what the chain of hashes proves. Each weakness
/// takes a rule away, and then the model must find an attack; so it can fail.
class LifeModelTest {

    private static final int STEPS = 7;
    private static final int ENTRIES_MAX = 5;
    private static final String GENESIS = "gAA";
    private static final List<Character> HONEST = List.of('A', 'B');
    private static final List<Character> HOSTILE = List.of('R', 'G');
    private static final char PAPER = 'P';

    enum Weakness {
        NONE,
        /// A removal does not start a generation.
        OLD_KEYS,
        /// Who was removed may go on signing.
        RIGHTS_ARE_NOT_CHECKED,
        /// A device takes any log that is valid, be it not an extension of its own.
        DEVICES_GO_BACK,
        /// The new generation is wrapped to everybody who ever was.
        WRAPPED_TO_ALL
    }

    /// @param one    the log as device A has it
    /// @param two    as device B has it; empty before it has joined
    /// @param signed every log that was ever signed, by whomever
    private record State(String one, String two, Set<String> signed) {
        State {
            signed = Set.copyOf(signed);
        }

        String logOf(char device) {
            return device == 'A' ? one : two;
        }

        State with(char device, String log) {
            Set<String> more = new TreeSet<>(signed);
            more.add(log);
            return device == 'A' ? new State(log, two, more) : new State(one, log, more);
        }

        State alsoSigned(String log) {
            Set<String> more = new TreeSet<>(signed);
            more.add(log);
            return new State(one, two, more);
        }
    }

    private Weakness weakness = Weakness.NONE;
    private long states;

    @Test
    void noOrderOfSteps_letsAHostileOneInOrTellsItAKey() {
        assertThat(explore(Weakness.NONE)).isEmpty();
        System.out.println("model of joining, removing and recovering: " + states + " states");
        assertThat(states).isGreaterThan(5_000);
    }

    @ParameterizedTest
    @EnumSource(value = Weakness.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void withoutOneOfTheRules_anAttackIsFound(Weakness missing) {
        assertThat(explore(missing)).isPresent();
    }

    /// The first state that is not as it should be.
    private Optional<String> explore(Weakness missing) {
        weakness = missing;
        Set<State> seen = new HashSet<>();
        Deque<State> level = new ArrayDeque<>(Set.of(new State(GENESIS, "", Set.of(GENESIS))));
        for (int step = 0; step <= STEPS; step++) {
            Set<State> next = new HashSet<>();
            for (State state : level) {
                Optional<String> wrong = wrong(state);
                if (wrong.isPresent()) {
                    return wrong;
                }
                if (step < STEPS) {
                    honest(state, 'A', next);
                    honest(state, 'B', next);
                    recovery(state, next);
                    hostile(state, next);
                }
            }
            next.removeAll(seen);
            seen.addAll(next);
            level = new ArrayDeque<>(next);
        }
        states = seen.size();
        return Optional.empty();
    }

    private void honest(State state, char device, Set<State> next) {
        String log = state.logOf(device);
        if (log.isEmpty()) {
            return;
        }
        for (String shown : state.signed()) {
            boolean extendsMine = shown.startsWith(log) || weakness == Weakness.DEVICES_GO_BACK;
            if (extendsMine && !shown.equals(log)) {
                next.add(state.with(device, shown));
            }
        }
        if (!active(log).contains(device) || log.length() >= 3 * ENTRIES_MAX) {
            return;
        }
        next.add(state.with(device, log + "c" + device + "-"));
        if (!log.contains("R")) {
            next.add(state.with(device, log + "a" + device + "R"));
        }
        if (device == 'A' && state.two().isEmpty() && !log.contains("B")) {
            String joined = log + "aAB";
            next.add(new State(joined, joined, state.alsoSigned(joined).signed()));
        }
        for (char hostile : HOSTILE) {
            if (active(log).contains(hostile)) {
                next.add(state.with(device, log + "r" + device + hostile));
            }
        }
    }

    /// The person recovers on device B with whatever log the service shows, and removes the one that was stolen.
    private void recovery(State state, Set<State> next) {
        for (String shown : state.signed()) {
            if (state.two().isEmpty() && shown.length() < 3 * (ENTRIES_MAX - 1) && active(shown).contains('R') && !shown.contains("B")) {
                String recovered = shown + "a" + PAPER + "B" + "r" + PAPER + "R";
                next.add(new State(state.one(), recovered, state.alsoSigned(recovered).signed()));
            }
        }
    }

    /// From the first removal on its keys are the attacker's, who signs on whatever log it has a right to.
    private void hostile(State state, Set<State> next) {
        boolean turned = state.signed().stream().anyMatch(log -> log.matches("(...)*r.R(...)*"));
        if (!turned) {
            return;
        }
        for (String log : state.signed()) {
            for (char by : HOSTILE) {
                boolean may = active(log).contains(by) || (weakness == Weakness.RIGHTS_ARE_NOT_CHECKED && log.indexOf(by) >= 0);
                if (may && log.length() < 3 * ENTRIES_MAX) {
                    next.add(state.alsoSigned(log + "c" + by + "-"));
                    if (!log.contains("G")) {
                        next.add(state.alsoSigned(log + "a" + by + "G"));
                    }
                }
            }
        }
    }

    private static Set<Character> active(String log) {
        Set<Character> active = new TreeSet<>();
        for (int at = 0; at < log.length(); at += 3) {
            switch (log.charAt(at)) {
                case 'g', 'a' -> active.add(log.charAt(at + 2));
                case 'r' -> active.remove(log.charAt(at + 2));
                default -> {}
            }
        }
        return active;
    }

    private static boolean isFreeOfHostile(String log) {
        return HOSTILE.stream().noneMatch(active(log)::contains);
    }

    /// Whoever is let in later may read what was written before; it is what comes after a removal that counts.
    private static boolean isRemovedFrom(String log) {
        return isFreeOfHostile(log) && log.matches("(...)*r.[RG](...)*");
    }

    /// What must not be: seen from each honest device, once nobody hostile is in its account.
    private Optional<String> wrong(State state) {
        for (char device : HONEST) {
            String log = state.logOf(device);
            for (int at = 3; at < log.length(); at += 3) {
                String before = log.substring(0, at);
                boolean byHostile = HOSTILE.contains(log.charAt(at + 1));
                if (isFreeOfHostile(before) && byHostile) {
                    return Optional.of(device + " took an entry of one that was not in its account: " + state);
                }
                boolean ownCommit = log.charAt(at) == 'c' && log.charAt(at + 1) == device;
                if (ownCommit && isRemovedFrom(before) && isKnown(generation(before), state.signed())) {
                    return Optional.of(device + " wrote under a key that the attacker has: " + state);
                }
            }
            if (!log.isEmpty() && weakness == Weakness.DEVICES_GO_BACK && removedAndBack(log, device, state)) {
                return Optional.of(device + " lets in again whom it had removed: " + state);
            }
        }
        return Optional.empty();
    }

    private static boolean removedAndBack(String log, char device, State state) {
        boolean removed = state.signed().stream().anyMatch(other -> other.contains("r" + device + "R"));
        return removed && active(log).contains('R');
    }

    /// The log up to the entry that started the present generation, which names its secret.
    private String generation(String log) {
        for (int at = log.length() - 3; at > 0; at -= 3) {
            if (log.charAt(at) == 'r' && weakness != Weakness.OLD_KEYS) {
                return log.substring(0, at + 3);
            }
        }
        return GENESIS;
    }

    /// Whether the attacker has a generation's secret: it was wrapped to a hostile device, at its start or when that was let in, or
    /// it is sealed under a later one that the attacker has.
    private boolean isKnown(String generation, Set<String> signed) {
        for (String log : signed) {
            if (!log.startsWith(generation)) {
                continue;
            }
            for (int end = generation.length(); end <= log.length(); end += 3) {
                String part = log.substring(0, end);
                boolean wrapped = weakness == Weakness.WRAPPED_TO_ALL ? part.indexOf('R') >= 0 : !isFreeOfHostile(part);
                if (wrapped) {
                    return true;
                }
            }
        }
        return false;
    }
}
