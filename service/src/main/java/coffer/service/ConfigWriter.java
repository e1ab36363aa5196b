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
        config.providers().forEach(provider -> provider(out, provider, redact));
        out.put("copies", Integer.toString(config.copies()));
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

    private static void provider(Map<String, String> out, ProviderConfig provider, boolean redact) {
        String prefix = "provider." + provider.id() + ".";
        out.put(prefix + "region", provider.region());
        switch (provider) {
            case ProviderConfig.Directory directory -> {
                out.put(prefix + "kind", "directory");
                out.put(prefix + "path", directory.path().toString());
            }
            case ProviderConfig.S3 s3 -> {
                out.put(prefix + "kind", "s3");
                out.put(prefix + "endpoint", s3.endpoint());
                out.put(prefix + "bucket", s3.bucket());
                out.put(prefix + "signing-region", s3.signingRegion());
                credential(out, prefix + "access-key", s3.accessKey(), redact);
                credential(out, prefix + "secret-key", s3.secretKey(), redact);
            }
        }
    }

    private static void credential(Map<String, String> out, String key, CredentialSource source, boolean redact) {
        switch (source) {
            case CredentialSource.File file -> out.put(key + "-file", redact ? REDACTED : file.path().toString());
            case CredentialSource.Environment variable ->
                out.put(key + "-env", redact ? REDACTED : variable.variable());
        }
    }
}
