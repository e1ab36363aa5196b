package coffer.core.api;

import java.util.List;

/// Where each pack can be read; a pack the vault does not hold is left out.
public record DownloadAnswer(List<DownloadPlan> grants) {

    public DownloadAnswer {
        grants = List.copyOf(grants);
    }
}
