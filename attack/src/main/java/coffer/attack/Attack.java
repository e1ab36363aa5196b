package coffer.attack;

import coffer.core.ErrorCode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// One attack, ready to be mounted.
///
/// @param entries of the catalogue
/// @param what    it tries, in a sentence
public record Attack(List<String> entries, String name, String what, Set<ErrorCode> holds, Set<ErrorCode> also, boolean stays, Method script) {

    private static final List<Class<?>> SCRIPTS = List.of(
            LogAttacks.class, KeyAttacks.class, ProviderAttacks.class, InsiderAttacks.class, JoinAttacks.class, MachineAttacks.class,
            RaceAttacks.class);

    /// Every attack, by the entries' numbers.
    public static List<Attack> all() {
        return SCRIPTS.stream()
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Tries.class))
                .map(Attack::of)
                .sorted(Comparator.comparingInt((Attack attack) -> Integer.parseInt(attack.entries.getFirst().substring(1)))
                        .thenComparing(Attack::name))
                .toList();
    }

    private static Attack of(Method script) {
        Tries tries = script.getAnnotation(Tries.class);
        return new Attack(
                List.of(tries.entry()), script.getName(), tries.what(), set(tries.holds()), set(tries.also()), tries.stays(), script);
    }

    private static Set<ErrorCode> set(ErrorCode[] codes) {
        Set<ErrorCode> set = EnumSet.noneOf(ErrorCode.class);
        set.addAll(Arrays.asList(codes));
        return set;
    }

    /// Whether one of the entries is meant by `wanted`; an empty list means all.
    public boolean isOneOf(List<String> wanted) {
        return wanted.isEmpty() || entries.stream().anyMatch(wanted::contains);
    }

    void mount(World world) throws Exception {
        try {
            script.invoke(null, world);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return String.join(" ", entries) + " " + name;
    }
}
