package coffer.core.api;

import java.util.List;

/// Body of `POST /v1/packs/uploads`.
///
/// @param avoid origins that do not take packs from this device now: the service gives others if the region has any
public record UploadRequest(String vault, List<PackSize> packs, List<String> avoid) {

    public UploadRequest {
        packs = List.copyOf(packs);
        avoid = List.copyOf(avoid);
    }
}
