package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import coffer.service.ServiceConfig.ProviderConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names and defaults are a promise to operators; wrong ones are all reported at once.
class ServiceConfigTest {

    @TempDir
    private Path folder;

    @Test
    void defaults_needNoEditing() throws Exception {
        ServiceConfig config = ServiceConfig.parse(Map.of());
        assertThat(config.host() + ":" + config.port()).isEqualTo("127.0.0.1:8420");
        assertThat(config.data()).isEqualTo(Path.of("coffer-service").toAbsolutePath());
        assertThat(config.providers())
                .containsExactly(new ProviderConfig.Directory(
                        "local", "local", "local", 1_000, config.data().resolve("providers").resolve("local")));
        assertThat(config.copies()).isOne();
        assertThat(config.quotaBytes()).isEqualTo(1L << 40);
        assertThat(config.releasedGrace()).isEqualTo(Duration.ofDays(7));
        assertThat(config.reservedGrace()).isEqualTo(Duration.ofDays(1));
        assertThat(config.tokenLife()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.grantLife()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.mailboxLife()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.diskReserve()).isEqualTo(64L << 20);
    }

    @Test
    void problems_areReportedAllAtOnce() {
        ConfigException e = refused(Map.of(
                "listen", "nowhere",
                "copies", "0",
                "quota", "many",
                "released-grace", "7 days",
                "behind-proxy", "perhaps",
                "origins", "http://ok.example,ftp://no.example",
                "realesed-grace", "P1D",
                "entirely-else", "x",
                "tls-keystore", "x.p12"));
        assertThat(e.problems())
                .hasSize(9)
                .anyMatch(p -> p.startsWith("listen: "))
                .anyMatch(p -> p.startsWith("copies: "))
                .anyMatch(p -> p.startsWith("quota: "))
                .anyMatch(p -> p.startsWith("released-grace: "))
                .anyMatch(p -> p.startsWith("behind-proxy: "))
                .anyMatch(p -> p.startsWith("origins: "))
                .contains("realesed-grace: unknown key; did you mean released-grace?")
                .contains("entirely-else: unknown key")
                .anyMatch(p -> p.startsWith("tls-keystore and tls-password-file: "));
    }

    @Test
    void secrets_comeFromFilesOrTheEnvironmentOnly() throws Exception {
        Map<String, String> s3 = Map.of(
                "providers", "far",
                "provider.far.kind", "s3",
                "provider.far.endpoint", "https://s3.example",
                "provider.far.bucket", "packs",
                "provider.far.access-key-file", "/run/access",
                "provider.far.secret-key-file", "/run/topsecret");
        ServiceConfig config = ServiceConfig.parse(s3);
        assertThat(config.print()).doesNotContain("topsecret").contains("provider.far.secret-key-file = [redacted]");
        assertThat(config.toString()).isEqualTo(config.print());

        var inline = new HashMap<>(s3);
        inline.remove("provider.far.secret-key-file");
        inline.put("provider.far.secret-key", "hush");
        assertThat(refused(inline).problems())
                .anyMatch(p -> p.startsWith("provider.far.secret-key: secrets do not stand in the configuration"))
                .anyMatch(p -> p.startsWith("provider.far.secret-key-file or provider.far.secret-key-env: "))
                .noneMatch(p -> p.contains("hush"));

        var environment = new HashMap<>(s3);
        environment.remove("provider.far.secret-key-file");
        environment.put("provider.far.secret-key-env", "COFFER_TEST_NOT_SET");
        assertThat(refused(environment).problems())
                .containsExactly(
                        "provider.far.secret-key-env: the environment has no such variable, or it is empty");
    }

    @Test
    void providers_mustBeEnoughForTheCopies() {
        assertThat(refused(Map.of("providers", "a,b", "provider.b.region", "eu", "copies", "2")).problems())
                .containsExactly("copies: region local has fewer providers than copies");
        assertThat(refused(Map.of("providers", "")).problems()).containsExactly("providers: name at least one");
        assertThat(refused(Map.of("providers", "a,a")).problems()).containsExactly("providers: an id stands twice");
        assertThat(refused(Map.of("providers", "A")).problems()).isNotEmpty();
        assertThat(refused(Map.of("provider.local.kind", "tape")).problems())
                .contains("provider.local.kind: want directory or s3");
    }

    @Test
    void file_isReadWithPathsRelativeToIt() throws Exception {
        Path file = folder.resolve("service.properties");
        Files.writeString(file, "data = here\nname = Zuhause \u00fc\nlisten = [::1]:0\n");
        ServiceConfig config = ServiceConfig.load(file);
        assertThat(config.data()).isEqualTo(folder.resolve("here"));
        assertThat(config.name()).isEqualTo("Zuhause \u00fc");
        assertThat(config.host()).isEqualTo("[::1]");
    }

    @Test
    void printedConfiguration_isReadBackTheSame() throws Exception {
        ServiceConfig config = ServiceConfig.parse(Map.of("quota", "5GiB", "streams", "7"));
        assertThat(config.with(Map.of()).print()).isEqualTo(config.print());
        assertThat(config.with(Map.of("streams", "8")).streamsMax()).isEqualTo(8);
    }

    @Test
    void everyKey_isInTheOperationsManual() throws Exception {
        String manual = Files.readString(Path.of("../docs/operations.md"));
        ServiceConfig config = ServiceConfig.parse(Map.of());
        List<String> keys = config.print().lines()
                .map(line -> line.replaceAll(" = .*", "").replace("provider.local.", "provider.ID."))
                .toList();
        assertThat(keys).hasSizeGreaterThan(25).allMatch(key -> manual.contains("`" + key + "`"));
        Matcher documented = Pattern.compile("(?m)^\\| `([a-z.A-Z-]+)` \\|").matcher(manual.substring(0, manual.indexOf("## What is in which file")));
        List<String> known = Stream.concat(
                        keys.stream(),
                        Stream.of(
                                "tls-keystore",
                                "tls-password-file",
                                "provider.ID.endpoint",
                                "provider.ID.bucket",
                                "provider.ID.signing-region",
                                "provider.ID.access-key-file",
                                "provider.ID.access-key-env",
                                "provider.ID.secret-key-file",
                                "provider.ID.secret-key-env",
                                "provider.ID.prefix",
                                "provider.ID.path-style",
                                "provider.ID.session-token-file"))
                .toList();
        assertThat(documented.results().map(result -> result.group(1)).toList()).isSubsetOf(known);
    }

    private static ConfigException refused(Map<String, String> values) {
        return Objects.requireNonNull(
                catchThrowableOfType(ConfigException.class, () -> ServiceConfig.parse(values)));
    }
}
