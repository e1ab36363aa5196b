package coffer.core.api;

import java.util.Map;

/// A GET that may carry a Range.
public record DownloadCopy(String origin, String url, Map<String, String> headers, long expires) {

    public DownloadCopy {
        headers = Map.copyOf(headers);
    }
}
