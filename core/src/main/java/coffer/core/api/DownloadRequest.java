package coffer.core.api;

import java.util.List;

/// Body of `POST /v1/packs/downloads`.
public record DownloadRequest(String vault, List<String> packs) {

    public DownloadRequest {
        packs = List.copyOf(packs);
    }
}
