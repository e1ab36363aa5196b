package coffer.core.api;

import java.util.List;

/// Any one of the copies will do.
public record DownloadPlan(String id, List<DownloadCopy> copies) {

    public DownloadPlan {
        copies = List.copyOf(copies);
    }
}
