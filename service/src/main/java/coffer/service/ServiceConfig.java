package coffer.service;

import coffer.service.evaluation.Criteria;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/// How a service runs (docs/operations.md lists every key). The defaults need no editing: a directory is enough.
///
/// @param data            the folder that holds everything that must survive: database, secret, packs
/// @param host            address to listen on
/// @param port            0 lets the system choose
/// @param origins         how devices may address this service, `scheme://host:port`; empty means where it listens
/// @param name            what the service calls itself
/// @param tls             certificate and key; absent means that a proxy in front does it, or only loopback is served
/// @param behindProxy     whether the last address in `X-Forwarded-For` is to be believed
/// @param providers       where packs are kept
/// @param copies          copies of each pack, each with another owner in the vault's region
/// @param admin           where the operator's API listens, on the loopback interface; port 0 lets the system choose
/// @param moveEvery       how often to look for packs that are not where they belong
/// @param moveRate        bytes per second that moving and proving copies may take together, 0 for no bound
/// @param provenWithin    every copy is read and verified at least this often
/// @param probeEvery      how often a provider is tried
/// @param suspendAfter    how long a provider may fail before it is suspended
/// @param evaluation      what a provider must reach
/// @param quotaBytes      what one account may store, entries and packs together
/// @param vaultsMax       vaults that one account may own
/// @param releasedGrace   how long a released pack stays
/// @param reservedGrace   how long a pack stays that was granted but never committed
/// @param sweepEvery      how often to look for packs whose grace is over
/// @param tokenLife       how long a session token lasts
/// @param grantLife       how long an upload or download grant lasts
/// @param mailboxLife     how long a mailbox keeps its letters
/// @param mailboxesMax    mailboxes at once
/// @param accountRate     requests per second of one account
/// @param addressRate     requests per second of one address that has not signed in
/// @param accountsPerHour accounts that one address may begin in an hour
/// @param streamsPerDevice event streams of one device at once
/// @param streamsMax      event streams at once
/// @param requestsMax     requests handled at once
/// @param logStatesMax    verified log states kept in memory
/// @param idleTimeout     after which a silent connection is closed
/// @param uploadFloor     bytes per second under which a sender is taken for an attacker
/// @param diskReserve     free bytes under which nothing more is accepted
public record ServiceConfig(
        Path data,
        String host,
        int port,
        List<String> origins,
        String name,
        Tls tls,
        boolean behindProxy,
        List<ProviderConfig> providers,
        int copies,
        InetSocketAddress admin,
        Duration moveEvery,
        long moveRate,
        Duration provenWithin,
        Duration probeEvery,
        Duration suspendAfter,
        Criteria evaluation,
        long quotaBytes,
        int vaultsMax,
        Duration releasedGrace,
        Duration reservedGrace,
        Duration sweepEvery,
        Duration tokenLife,
        Duration grantLife,
        Duration mailboxLife,
        int mailboxesMax,
        int accountRate,
        int addressRate,
        int accountsPerHour,
        int streamsPerDevice,
        int streamsMax,
        int requestsMax,
        int logStatesMax,
        Duration idleTimeout,
        long uploadFloor,
        long diskReserve) {

    public ServiceConfig {
        origins = List.copyOf(origins);
        providers = List.copyOf(providers);
    }

    /// The defaults, with everything under `data`, on a free port of the loopback interface.
    public static ServiceConfig of(Path data) {
        try {
            return parse(Map.of("data", data.toString(), "listen", "127.0.0.1:0"));
        } catch (ConfigException e) {
            throw new IllegalArgumentException("not a usable folder", e);
        }
    }

    /// Reads a properties file (UTF-8). Relative paths in it are relative to its folder.
    public static ServiceConfig load(Path file) throws ConfigException, IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        Path folder = file.toAbsolutePath().getParent();
        return new ConfigReader(values, folder == null ? Path.of("/") : folder, System.getenv()).read();
    }

    /// Reads keys and values; relative paths are relative to the working directory.
    public static ServiceConfig parse(Map<String, String> values) throws ConfigException {
        return new ConfigReader(values, Path.of("").toAbsolutePath(), System.getenv()).read();
    }

    /// This configuration with other values for some keys, as they would stand in the file.
    public ServiceConfig with(Map<String, String> changes) throws ConfigException {
        Map<String, String> values = new TreeMap<>(ConfigWriter.values(this, false));
        values.putAll(changes);
        return parse(values);
    }

    /// The effective configuration as a properties file would say it, secrets redacted.
    public String print() {
        StringBuilder out = new StringBuilder();
        ConfigWriter.values(this, true).forEach((key, value) -> out.append(key).append(" = ").append(value).append('\n'));
        return out.toString();
    }

    /// Redacted like [#print].
    @Override
    public String toString() {
        return print();
    }

    /// Whether, and with what, the service itself speaks TLS.
    public sealed interface Tls {
        /// Plain HTTP.
        record None() implements Tls {}

        /// @param keystore     PKCS #12 file
        /// @param passwordFile file whose first line is the keystore's password
        record Keystore(Path keystore, Path passwordFile) implements Tls {}
    }

    /// A place for packs.
    public sealed interface ProviderConfig {
        String id();

        /// Who answers for it in law; copies go to as many owners.
        String owner();

        String region();

        /// How much of its region it gets, relative to the others.
        int weight();

        /// A folder of this machine, written and read through the service's blob endpoint.
        record Directory(String id, String owner, String region, int weight, Path path) implements ProviderConfig {}

        /// A bucket that speaks the S3 protocol; devices reach it directly.
        ///
        /// @param signingRegion the region of S3 signatures, not the one people choose
        /// @param prefix        stands before every object's name; may be empty
        /// @param pathStyle     `endpoint/bucket/key` rather than `bucket.endpoint/key`
        /// @param sessionToken  goes with temporary credentials
        record S3(
                String id,
                String owner,
                String region,
                int weight,
                String endpoint,
                String bucket,
                String prefix,
                boolean pathStyle,
                String signingRegion,
                CredentialSource accessKey,
                CredentialSource secretKey,
                Optional<CredentialSource> sessionToken)
                implements ProviderConfig {}
    }

    /// Where a secret comes from; never the configuration itself.
    public sealed interface CredentialSource {
        record File(Path path) implements CredentialSource {}

        record Environment(String variable) implements CredentialSource {}
    }
}
