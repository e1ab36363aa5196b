package coffer.service;

import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.api.RegionInfo;
import coffer.service.ServiceConfig.CredentialSource;
import coffer.service.ServiceConfig.ProviderConfig;
import coffer.store.BlobGrants;
import coffer.store.DirectoryStore;
import coffer.store.ObjectStore;
import coffer.store.S3Credentials;
import coffer.store.S3Grants;
import coffer.store.S3Location;
import coffer.store.S3Store;
import coffer.store.TransferGrants;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The places where packs are kept, and which of them get a given pack.
final class Providers implements AutoCloseable {

    private final Map<String, PackProvider> providers;
    private final int copies;

    private Providers(Map<String, PackProvider> providers, int copies) {
        this.providers = providers;
        this.copies = copies;
    }

    /// Opens every provider of the configuration.
    static Providers open(ServiceConfig config, BlobGrants blobGrants, Clock clock) throws IOException {
        Map<String, PackProvider> opened = new LinkedHashMap<>();
        try {
            for (ProviderConfig provider : config.providers()) {
                opened.put(provider.id(), open(config, provider, blobGrants, clock));
            }
            return new Providers(opened, config.copies());
        } catch (IOException | IllegalArgumentException e) {
            opened.values().forEach(provider -> provider.store().close());
            throw new IOException("a provider cannot be opened", e);
        }
    }

    private static PackProvider open(ServiceConfig config, ProviderConfig provider, BlobGrants blobGrants, Clock clock)
            throws IOException {
        return switch (provider) {
            case ProviderConfig.Directory directory -> {
                Files.createDirectories(directory.path());
                ObjectStore store = DirectoryStore.open(directory.path(), config.diskReserve());
                yield new PackProvider(
                        directory.id(), directory.region(), store, blobGrants.forProvider(directory.id()), false);
            }
            case ProviderConfig.S3 s3 -> {
                S3Location location = new S3Location(URI.create(s3.endpoint()), s3.signingRegion(), s3.bucket(), "", true);
                S3Credentials credentials = new S3Credentials(secret(s3.accessKey()), secret(s3.secretKey()));
                yield new PackProvider(
                        s3.id(),
                        s3.region(),
                        new S3Store(location, credentials),
                        new S3Grants(location, credentials, clock),
                        true);
            }
        };
    }

    private static String secret(CredentialSource source) throws IOException {
        String secret =
                switch (source) {
                    case CredentialSource.File file -> Files.readString(file.path());
                    case CredentialSource.Environment variable -> System.getenv(variable.variable());
                };
        if (secret == null || secret.isBlank()) {
            throw new IOException("a credential of a provider is empty");
        }
        return secret.strip();
    }

    /// Which providers get a pack of a vault in this region: by rendezvous hashing, so that packs spread evenly and a new
    /// provider moves few of them. Empty if the region has too few.
    List<String> place(PackId pack, String region) {
        List<String> ranked = providers.values().stream()
                .filter(provider -> provider.region().equals(region))
                .map(PackProvider::id)
                .sorted(Comparator.comparing(id -> weight(pack, id)))
                .toList();
        return ranked.size() < copies ? List.of() : ranked.subList(0, copies);
    }

    private static Hash weight(PackId pack, String provider) {
        return Hash.of((pack.hex() + "/" + provider).getBytes(StandardCharsets.US_ASCII));
    }

    Optional<PackProvider> find(String id) {
        return Optional.ofNullable(providers.get(id));
    }

    /// The providers of these ids that are still configured.
    List<PackProvider> all(List<String> ids) {
        List<PackProvider> found = new ArrayList<>();
        ids.forEach(id -> find(id).ifPresent(found::add));
        return found;
    }

    List<RegionInfo> regions() {
        Map<String, TreeSet<String>> origins = new TreeMap<>();
        providers.values().forEach(provider -> origins
                .computeIfAbsent(provider.region(), region -> new TreeSet<>())
                .add(provider.grants().origin()));
        return origins.entrySet().stream()
                .map(region -> new RegionInfo(region.getKey(), List.copyOf(region.getValue())))
                .toList();
    }

    @Override
    public void close() {
        providers.values().forEach(provider -> provider.store().close());
    }
}
