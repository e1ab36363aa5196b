package coffer.core.api;

import java.util.List;

/// A region and the origins (`scheme://host:port`) from which its packs are written and read.
public record RegionInfo(String id, List<String> origins) {

    public RegionInfo {
        origins = List.copyOf(origins);
    }
}
