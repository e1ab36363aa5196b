package coffer.core;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/// Lets a coverage-guided fuzzer (Jazzer, by `./fuzz`) feed a decoder that a test feeds with [Fuzz]: the test is run until it comes to the decoder
/// that is wanted, which is then kept.
///
/// `-Dcoffer.fuzz.test=coffer.seal.DecoderFuzzTest#commitBody -Dcoffer.fuzz.target="commit body" -Dcoffer.fuzz.seeds=DIR`
public final class FuzzGuided {

    private static final @Nullable String TARGET = System.getProperty("coffer.fuzz.target");

    private static @Nullable Fuzz taken;

    private FuzzGuided() {}

    static @Nullable String wanted() {
        return taken == null ? TARGET : null;
    }

    static void take(Fuzz fuzz) {
        taken = fuzz;
    }

    /// Called by the fuzzer, once.
    public static void fuzzerInitialize() throws ReflectiveOperationException, IOException {
        String[] test = System.getProperty("coffer.fuzz.test", "").split("#", 2);
        Class<?> type = Class.forName(test[0]);
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object instance = constructor.newInstance();
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(BeforeEach.class)) {
                call(method, instance);
            }
        }
        call(type.getDeclaredMethod(test[1]), instance);
        Fuzz fuzz = Objects.requireNonNull(taken, "no decoder of that name");
        Path seeds = Files.createDirectories(Path.of(System.getProperty("coffer.fuzz.seeds", ".")));
        int number = 0;
        for (byte[] seed : fuzz.corpus()) {
            Files.write(seeds.resolve("good-" + number++), seed);
        }
    }

    private static void call(Method method, Object instance) throws ReflectiveOperationException {
        method.setAccessible(true);
        try {
            method.invoke(instance);
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
