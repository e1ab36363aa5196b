package coffer.core.api;

import java.util.List;

/// Body of `POST /v1/packs/uploads`.
public record UploadRequest(String vault, List<PackSize> packs) {

    public UploadRequest {
        packs = List.copyOf(packs);
    }
}
