package coffer.core;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Lets a coverage-guided fuzzer (Jazzer, by `./fuzz`) feed a decoder that a test feeds with [Fuzz]: the tests of a class are run until they come to
/// the decoder that is wanted, which is then kept.
///
/// `-Dcoffer.fuzz.test=coffer.seal.DecoderFuzzTest -Dcoffer.fuzz.target="commit body" -Dcoffer.fuzz.seeds=DIR`
public final class FuzzGuided {

    private static final @Nullable String TARGET = System.getProperty("coffer.fuzz.target");

    private static @Nullable Fuzz taken;

    private FuzzGuided() {}

    static @Nullable String wanted() {
        return taken == null ? TARGET : null;
    }

    static boolean isOn() {
        return TARGET != null;
    }

    static void take(Fuzz fuzz) {
        taken = fuzz;
    }

    /// Called by the fuzzer, once.
    public static void fuzzerInitialize() throws ReflectiveOperationException, IOException {
        Class<?> type = Class.forName(System.getProperty("coffer.fuzz.test", ""));
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object instance = constructor.newInstance();
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(BeforeEach.class)) {
                call(method, instance);
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (taken == null && method.isAnnotationPresent(Test.class)) {
                call(method, instance);
            } else if (taken == null && method.isAnnotationPresent(MethodSource.class)) {
                callWithEach(type, method, instance);
            }
        }
        Fuzz fuzz = Objects.requireNonNull(taken, "no decoder of that name");
        Path seeds = Files.createDirectories(Path.of(System.getProperty("coffer.fuzz.seeds", ".")));
        int number = 0;
        for (byte[] seed : fuzz.corpus()) {
            Files.write(seeds.resolve("good-" + number++), seed);
        }
    }

    private static void callWithEach(Class<?> type, Method method, Object instance) throws ReflectiveOperationException {
        Method source = type.getDeclaredMethod(method.getAnnotation(MethodSource.class).value()[0]);
        source.setAccessible(true);
        for (Object argument : (Iterable<?>) source.invoke(null)) {
            if (taken == null) {
                call(method, instance, argument);
            }
        }
    }

    private static void call(Method method, Object instance, Object... arguments) throws ReflectiveOperationException {
        method.setAccessible(true);
        try {
            method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            // With its decoder taken the test need not come to a good end.
            if (taken == null) {
                throw e;
            }
        }
    }

    /// Called by the fuzzer with every input.
    public static void fuzzerTestOneInput(byte[] input) {
        Objects.requireNonNull(taken).tryOne(input);
    }
}
