package coffer.core.api;

import java.util.List;

/// Body of `POST /v1/packs/check`.
public record CheckRequest(String vault, List<PackSize> packs) {

    public CheckRequest {
        packs = List.copyOf(packs);
    }
}
