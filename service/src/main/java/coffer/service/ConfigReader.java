package coffer.service;

import coffer.core.tlog.Statement;
import coffer.service.ServiceConfig.CredentialSource;
import coffer.service.ServiceConfig.ProviderConfig;
import coffer.service.ServiceConfig.Tls;
import coffer.service.evaluation.Criteria;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns keys and values into a [ServiceConfig], or into the list of everything that is wrong with them.
final class ConfigReader {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#\\s@]+");
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    private final Map<String, String> values;
    private final Path folder;
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> known = new TreeSet<>();

    ConfigReader(Map<String, String> values, Path folder, Map<String, String> environment) {
        this.values = values;
        this.folder = folder;
        this.environment = environment;
    }

    ServiceConfig read() throws ConfigException {
        Path data = path("data", "coffer-service");
        Matcher listen = listen();
        ServiceConfig config = new ServiceConfig(
                data,
                listen.group(1),
                Integer.parseInt(listen.group(2)),
                origins(),
                text("name", "Coffer", 64),
                tls(),
                flag("behind-proxy", false),
                providers(data),
                whole("copies", 1, 1, 16),
                admin(),
                duration("move-every", "PT10M", Duration.ofMillis(10)),
                size("move-rate", "0B", 0),
                duration("proven-within", "P30D", Duration.ofSeconds(1)),
                duration("probe-every", "PT10S", Duration.ofMillis(10)),
                duration("suspend-after", "PT2M", Duration.ofMillis(10)),
                Criteria.read(values, problems::add),
                size("quota", "1TiB", 1),
                whole("vaults-per-account", 100, 1, 100_000),
                duration("released-grace", "P7D", Duration.ofSeconds(1)),
                duration("reserved-grace", "P1D", Duration.ofSeconds(1)),
                duration("sweep-every", "PT10M", Duration.ofMillis(10)),
                duration("token-life", "PT15M", Duration.ofSeconds(1)),
                duration("grant-life", "PT10M", Duration.ofSeconds(1)),
                duration("mailbox-life", "PT10M", Duration.ofSeconds(1)),
                whole("mailboxes", 1_000, 1, 1_000_000),
                whole("account-rate", 500, 1, 1_000_000),
                whole("address-rate", 100, 1, 1_000_000),
                whole("accounts-per-hour", 600, 1, 100_000_000),
                whole("streams-per-device", 8, 1, 100_000),
                whole("streams", 5_000, 1, 1_000_000),
                whole("requests", 512, 1, 100_000),
                whole("log-states", 2_000, 1, 10_000_000),
                duration("idle-timeout", "PT30S", Duration.ofMillis(100)),
                size("upload-floor", "4KiB", 0),
                size("disk-reserve", "64MiB", 0));
        checkProviders(config);
        checkUnknown();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    /// Settings of one provider as they stand in the configuration behind `provider.ID.`.
    ///
    /// @param folder what relative paths are relative to
    static ProviderConfig provider(String id, Map<String, String> settings, Path folder) throws ConfigException {
        Map<String, String> values = new TreeMap<>();
        settings.forEach((key, value) -> values.put("provider." + id + "." + key, value));
        ConfigReader reader = new ConfigReader(values, folder, System.getenv());
        Optional<ProviderConfig> provider =
                ID.matcher(id).matches() ? reader.provider(id, folder) : Optional.empty();
        if (!ID.matcher(id).matches()) {
            reader.problems.add("an id has lower-case letters, digits and dashes");
        }
        reader.checkUnknown();
        if (!reader.problems.isEmpty() || provider.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return provider.get();
    }

    /// A region or provider may be called so.
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    private InetSocketAddress admin() {
        Matcher matcher = Pattern.compile("127\\.0\\.0\\.1:(\\d{1,5})").matcher(value("admin-listen", "127.0.0.1:0"));
        if (matcher.matches() && Integer.parseInt(matcher.group(1)) <= 65_535) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1)));
        }
        problems.add("admin-listen: want 127.0.0.1:port; the operator's API is for this machine alone");
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Matcher listen() {
        Pattern pattern = Pattern.compile("([^\\s:]+|\\[[0-9a-fA-F:]+\\]):(\\d{1,5})");
        Matcher matcher = pattern.matcher(value("listen", "127.0.0.1:8420"));
        if (matcher.matches() && Integer.parseInt(matcher.group(2)) <= 65_535) {
            return matcher;
        }
        problems.add("listen: want host:port, for example 127.0.0.1:8420");
        Matcher fallback = pattern.matcher("127.0.0.1:0");
        fallback.matches();
        return fallback;
    }

    private List<String> origins() {
        List<String> origins = list("origins", "");
        for (String origin : origins) {
            if (!isOrigin(origin)) {
                problems.add("origins: want scheme://host or scheme://host:port without a path");
            }
        }
        return origins;
    }

    private static boolean isOrigin(String text) {
        try {
            return ORIGIN.matcher(text).matches() && URI.create(text).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Tls tls() {
        known.add("tls-keystore");
        known.add("tls-password-file");
        boolean keystore = values.containsKey("tls-keystore");
        if (keystore != values.containsKey("tls-password-file")) {
            problems.add("tls-keystore and tls-password-file: give both or none");
            return new Tls.None();
        }
        return keystore ? new Tls.Keystore(path("tls-keystore", ""), path("tls-password-file", "")) : new Tls.None();
    }

    private List<ProviderConfig> providers(Path data) {
        List<ProviderConfig> providers = new ArrayList<>();
        for (String id : list("providers", "local")) {
            if (!ID.matcher(id).matches()) {
                problems.add("providers: an id has lower-case letters, digits and dashes");
                continue;
            }
            provider(id, data).ifPresent(providers::add);
        }
        return providers;
    }

    private Optional<ProviderConfig> provider(String id, Path data) {
        String prefix = "provider." + id + ".";
        String region = value(prefix + "region", "local");
        if (!ID.matcher(region).matches()) {
            problems.add(prefix + "region: want lower-case letters, digits and dashes");
        }
        String kind = value(prefix + "kind", "directory");
        return switch (kind) {
            case "directory" -> Optional.of(new ProviderConfig.Directory(
                    id,
                    owner(id, prefix),
                    region,
                    weight(prefix),
                    path(prefix + "path", data.resolve("providers").resolve(id).toString())));
            case "s3" -> Optional.of(s3(id, region, prefix));
            default -> {
                problems.add(prefix + "kind: want directory or s3");
                yield Optional.empty();
            }
        };
    }

    private String owner(String id, String prefix) {
        return text(prefix + "owner", id, 128);
    }

    private int weight(String prefix) {
        return whole(prefix + "weight", Statement.WEIGHT_USUAL, 1, Statement.WEIGHT_MAX);
    }

    private ProviderConfig s3(String id, String region, String prefix) {
        String endpoint = required(prefix + "endpoint");
        if (!endpoint.isEmpty() && !isOrigin(endpoint)) {
            problems.add(prefix + "endpoint: want scheme://host or scheme://host:port without a path");
        }
        for (String secret : List.of("access-key", "secret-key", "session-token")) {
            if (values.containsKey(prefix + secret)) {
                problems.add(prefix + secret + ": secrets do not stand in the configuration; use " + prefix + secret
                        + "-file or " + prefix + secret + "-env");
                known.add(prefix + secret);
            }
        }
        return new ProviderConfig.S3(
                id,
                owner(id, prefix),
                region,
                weight(prefix),
                endpoint,
                required(prefix + "bucket"),
                value(prefix + "prefix", ""),
                flag(prefix + "path-style", true),
                value(prefix + "signing-region", "us-east-1"),
                credential(prefix + "access-key"),
                credential(prefix + "secret-key"),
                sessionToken(prefix + "session-token"));
    }

    private Optional<CredentialSource> sessionToken(String key) {
        known.add(key + "-file");
        known.add(key + "-env");
        boolean given = values.containsKey(key + "-file") || values.containsKey(key + "-env");
        return given ? Optional.of(credential(key)) : Optional.empty();
    }

    private CredentialSource credential(String key) {
        String file = key + "-file";
        String variable = key + "-env";
        known.add(file);
        known.add(variable);
        if (values.containsKey(file) == values.containsKey(variable)) {
            problems.add(file + " or " + variable + ": give one of them");
            return new CredentialSource.Environment("");
        }
        if (values.containsKey(file)) {
            return new CredentialSource.File(path(file, ""));
        }
        String name = values.getOrDefault(variable, "");
        if (environment.getOrDefault(name, "").isEmpty()) {
            problems.add(variable + ": the environment has no such variable, or it is empty");
        }
        return new CredentialSource.Environment(name);
    }

    private void checkProviders(ServiceConfig config) {
        if (config.providers().isEmpty()) {
            problems.add("providers: name at least one");
        }
        Set<String> ids = new HashSet<>();
        for (ProviderConfig provider : config.providers()) {
            if (!ids.add(provider.id())) {
                problems.add("providers: an id stands twice");
            }
        }
        for (ProviderConfig provider : config.providers()) {
            long inRegion = config.providers().stream()
                    .filter(other -> other.region().equals(provider.region()))
                    .count();
            if (inRegion < config.copies()) {
                problems.add("copies: region " + provider.region() + " has fewer providers than copies");
                return;
            }
        }
    }

    private void checkUnknown() {
        for (String key : new TreeSet<>(values.keySet())) {
            if (!known.contains(key) && !key.startsWith(Criteria.PREFIX)) {
                problems.add(key + ": unknown key" + suggestion(key));
            }
        }
    }

    private String suggestion(String key) {
        return known.stream()
                .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
                .filter(best -> distance(key, best) <= Math.max(2, key.length() / 3))
                .map(best -> "; did you mean " + best + "?")
                .orElse("");
    }

    /// Levenshtein's distance.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    private String value(String key, String fallback) {
        known.add(key);
        return values.getOrDefault(key, fallback).strip();
    }

    private String required(String key) {
        String value = value(key, "");
        if (value.isEmpty()) {
            problems.add(key + ": is missing");
        }
        return value;
    }

    private String text(String key, String fallback, int lengthMax) {
        String value = value(key, fallback);
        if (value.isEmpty() || value.length() > lengthMax || value.chars().anyMatch(Character::isISOControl)) {
            problems.add(key + ": want 1 to " + lengthMax + " printable characters");
        }
        return value;
    }

    private List<String> list(String key, String fallback) {
        return Arrays.stream(value(key, fallback).split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private Path path(String key, String fallback) {
        String value = value(key, fallback);
        try {
            return folder.resolve(value).normalize();
        } catch (InvalidPathException e) {
            problems.add(key + ": not a path");
            return folder;
        }
    }

    private boolean flag(String key, boolean fallback) {
        String value = value(key, Boolean.toString(fallback)).toLowerCase(Locale.ROOT);
        if (!value.equals("true") && !value.equals("false")) {
            problems.add(key + ": want true or false");
        }
        return value.equals("true");
    }

    private int whole(String key, int fallback, int min, int max) {
        try {
            int value = Integer.parseInt(value(key, Integer.toString(fallback)));
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        problems.add(key + ": want a whole number from " + min + " to " + max);
        return fallback;
    }

    private long size(String key, String fallback, long min) {
        Matcher matcher = SIZE.matcher(value(key, fallback));
        if (matcher.matches()) {
            int power = matcher.group(2) == null ? 0 : UNITS.indexOf(matcher.group(2));
            long number = Long.parseLong(matcher.group(1));
            if (number <= Long.MAX_VALUE >> (10 * power) && number << (10 * power) >= min) {
                return number << (10 * power);
            }
        }
        problems.add(key + ": want a size such as 500GiB (units B, KiB, MiB, GiB, TiB), at least " + min);
        return min;
    }

    private Duration duration(String key, String fallback, Duration min) {
        try {
            Duration value = Duration.parse(value(key, fallback));
            if (value.compareTo(min) >= 0 && value.compareTo(Duration.ofDays(36_500)) <= 0) {
                return value;
            }
        } catch (DateTimeParseException e) {
            // Said below, as for a duration out of range.
        }
        problems.add(key + ": want an ISO 8601 duration such as PT15M or P7D, at least " + min);
        return min;
    }
}
