package coffer.core.api;

import java.util.Map;

/// One request that stores exactly this pack: its size and SHA-256 are part of what is signed.
public record UploadCopy(String origin, String method, String url, Map<String, String> headers, long expires) {

    public UploadCopy {
        headers = Map.copyOf(headers);
    }
}
