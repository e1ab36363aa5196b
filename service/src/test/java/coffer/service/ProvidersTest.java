package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.api.RegionInfo;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.Statement;
import coffer.store.BlobGrants;
import coffer.store.ObjectName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Providers of the configuration, and which of them get a pack.
class ProvidersTest {

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();

    @Test
    void anS3Provider_isReachedDirectlyWithSignedGrants() throws Exception {
        try (Providers providers = open(s3())) {
            PackProvider provider = providers.find("far").orElseThrow();
            assertThat(provider.direct()).isTrue();
            assertThat(provider.grants().origin()).isEqualTo("https://s3.example:9000");
            ObjectName name = ObjectName.ofContent(new byte[] {1});
            var grant = provider.grants().upload(name, 1, Duration.ofMinutes(10));
            assertThat(grant.url().toString()).startsWith("https://s3.example:9000/packs/").contains(name.text());
            assertThat(grant.headers().toString()).doesNotContain("topsecret").contains("AKIDEXAMPLE");
            assertThat(providers.regions())
                    .containsExactly(
                            new RegionInfo("eu", List.of("https://s3.example:9000")),
                            new RegionInfo("home", List.of("http://127.0.0.1:1")));
        }
    }

    @Test
    void anEmptyCredential_isRefusedAtStart() throws Exception {
        Map<String, String> values = s3();
        Files.writeString(folder.resolve("secret"), "\n");
        assertThatThrownBy(() -> open(values)).isInstanceOf(IOException.class);
    }

    @Test
    void packs_areSpreadOverTheRegionAndStayWhereTheyAre() throws Exception {
        Map<String, String> values = new TreeMap<>(Map.of("providers", "a,b,c,d", "copies", "2"));
        for (String id : List.of("a", "b", "c")) {
            values.put("provider." + id + ".region", "eu");
        }
        values.put("provider.d.region", "eu");
        Map<String, Integer> counts = new TreeMap<>();
        try (Providers providers = open(values)) {
            for (int i = 0; i < 1_000; i++) {
                List<String> places = providers.place(pack(i), "eu", Set.of());
                assertThat(places).hasSize(2).doesNotHaveDuplicates().isEqualTo(providers.place(pack(i), "eu", Set.of()));
                places.forEach(place -> counts.merge(place, 1, Integer::sum));
            }
            assertThat(counts.values()).hasSize(4).allMatch(count -> count > 400 && count < 600);
            assertThat(providers.place(pack(1), "mars", Set.of())).isEmpty();
        }
    }

    @Test
    void aNewProvider_movesOnlyWhatItGets() throws Exception {
        Map<String, String> three = Map.of("providers", "a,b,c");
        Map<String, String> four = Map.of("providers", "a,b,c,d");
        int moved = 0;
        Set<String> movedTo = new HashSet<>();
        Map<Integer, List<String>> before = new TreeMap<>();
        try (Providers providers = open(three)) {
            for (int i = 0; i < 400; i++) {
                before.put(i, providers.place(pack(i), "local", Set.of()));
            }
        }
        try (Providers providers = open(four)) {
            for (int i = 0; i < 400; i++) {
                List<String> after = providers.place(pack(i), "local", Set.of());
                if (!after.equals(before.get(i))) {
                    moved++;
                    movedTo.addAll(after);
                }
            }
        }
        assertThat(moved).isBetween(60, 140);
        assertThat(movedTo).containsExactly("d");
    }

    private Map<String, String> s3() throws IOException {
        Files.writeString(folder.resolve("access"), "AKIDEXAMPLE\n");
        Files.writeString(folder.resolve("secret"), "topsecret\n");
        return new TreeMap<>(Map.of(
                "providers", "near,far",
                "provider.near.region", "home",
                "provider.far.kind", "s3",
                "provider.far.region", "eu",
                "provider.far.endpoint", "https://s3.example:9000",
                "provider.far.bucket", "packs",
                "provider.far.access-key-file", folder.resolve("access").toString(),
                "provider.far.secret-key-file", folder.resolve("secret").toString()));
    }

    private Providers open(Map<String, String> values) throws ConfigException, IOException {
        Map<String, String> all = new TreeMap<>(values);
        all.put("data", folder.toString());
        all.put("disk-reserve", "0");
        ServiceConfig config = ServiceConfig.parse(all);
        return opened(config, clock);
    }

    /// The providers of a configuration, all of them active.
    static Providers opened(ServiceConfig config, Clock clock) throws IOException {
        BlobGrants grants = new BlobGrants(new byte[32], URI.create("http://127.0.0.1:1/v1/blobs"), clock);
        ProviderOpener opener = new ProviderOpener(config.diskReserve(), grants, clock);
        Providers providers = new Providers(config.copies());
        for (ServiceConfig.ProviderConfig provider : config.providers()) {
            providers.add(opener.open(provider));
        }
        try {
            providers.follow(ConfiguredProviders.statements(config, providers, ProviderDirectory.EMPTY, 0).stream()
                    .reduce(ProviderDirectory.EMPTY, ProvidersTest::with, (a, _) -> a));
        } catch (IllegalStateException e) {
            throw new IOException(e);
        }
        return providers;
    }

    private static ProviderDirectory with(ProviderDirectory directory, Statement statement) {
        try {
            return directory.with(statement);
        } catch (ProviderDirectory.IllegalStatementException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PackId pack(int number) {
        return new PackId(Hash.of(new byte[] {(byte) number, (byte) (number >> 8)}).value());
    }
}
