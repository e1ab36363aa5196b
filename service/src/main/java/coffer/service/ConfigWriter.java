package coffer.service;

import coffer.service.ServiceConfig.CredentialSource;
import coffer.service.ServiceConfig.ProviderConfig;
import coffer.service.ServiceConfig.Tls;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes a [ServiceConfig] back as keys and values.
final class ConfigWriter {

    private static final String REDACTED = "[redacted]";

    private ConfigWriter() {}

    /// @param redact whether to hide where secrets come from, for printing
    static Map<String, String> values(ServiceConfig config, boolean redact) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("data", config.data().toString());
        out.put("listen", config.host() + ":" + config.port());
        out.put("origins", String.join(",", config.origins()));
        out.put("name", config.name());
        if (config.tls() instanceof Tls.Keystore tls) {
            out.put("tls-keystore", tls.keystore().toString());
            out.put("tls-password-file", redact ? REDACTED : tls.passwordFile().toString());
        }
        out.put("behind-proxy", Boolean.toString(config.behindProxy()));
        out.put("providers", String.join(",", config.providers().stream().map(ProviderConfig::id).toList()));
        for (ProviderConfig provider : config.providers()) {
            provider(provider, redact).forEach((key, value) -> out.put("provider." + provider.id() + "." + key, value));
        }
        out.put("copies", Integer.toString(config.copies()));
        out.put("admin-listen", "127.0.0.1:" + config.admin().getPort());
        out.put("move-every", config.moveEvery().toString());
        out.put("move-rate", config.moveRate() + "B");
        out.put("proven-within", config.provenWithin().toString());
        out.put("probe-every", config.probeEvery().toString());
        out.put("suspend-after", config.suspendAfter().toString());
        out.putAll(config.evaluation().values());
        out.put("quota", config.quotaBytes() + "B");
        out.put("vaults-per-account", Integer.toString(config.vaultsMax()));
        out.put("released-grace", config.releasedGrace().toString());
        out.put("reserved-grace", config.reservedGrace().toString());
        out.put("sweep-every", config.sweepEvery().toString());
        out.put("token-life", config.tokenLife().toString());
        out.put("grant-life", config.grantLife().toString());
        out.put("mailbox-life", config.mailboxLife().toString());
        out.put("mailboxes", Integer.toString(config.mailboxesMax()));
        out.put("account-rate", Integer.toString(config.accountRate()));
        out.put("address-rate", Integer.toString(config.addressRate()));
        out.put("accounts-per-hour", Integer.toString(config.accountsPerHour()));
        out.put("streams-per-device", Integer.toString(config.streamsPerDevice()));
        out.put("streams", Integer.toString(config.streamsMax()));
        out.put("requests", Integer.toString(config.requestsMax()));
        out.put("log-states", Integer.toString(config.logStatesMax()));
        out.put("idle-timeout", config.idleTimeout().toString());
        out.put("upload-floor", config.uploadFloor() + "B");
        out.put("disk-reserve", config.diskReserve() + "B");
        return out;
    }

    /// Settings of one provider, without what stands before them in the configuration.
    static Map<String, String> provider(ProviderConfig provider, boolean redact) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("owner", provider.owner());
        out.put("region", provider.region());
        out.put("weight", Integer.toString(provider.weight()));
        switch (provider) {
            case ProviderConfig.Directory directory -> {
                out.put("kind", "directory");
                out.put("path", directory.path().toString());
            }
            case ProviderConfig.S3 s3 -> {
                out.put("kind", "s3");
                out.put("endpoint", s3.endpoint());
                out.put("bucket", s3.bucket());
                out.put("prefix", s3.prefix());
                out.put("path-style", Boolean.toString(s3.pathStyle()));
                out.put("signing-region", s3.signingRegion());
                credential(out, "access-key", s3.accessKey(), redact);
                credential(out, "secret-key", s3.secretKey(), redact);
                s3.sessionToken().ifPresent(token -> credential(out, "session-token", token, redact));
            }
        }
        return out;
    }

    private static void credential(Map<String, String> out, String key, CredentialSource source, boolean redact) {
        switch (source) {
            case CredentialSource.File file -> out.put(key + "-file", redact ? REDACTED : file.path().toString());
            case CredentialSource.Environment variable ->
                out.put(key + "-env", redact ? REDACTED : variable.variable());
        }
    }
}
