package coffer.core.api;

import java.util.List;

/// Where each pack is to be written.
public record UploadAnswer(List<UploadPlan> grants) {

    public UploadAnswer {
        grants = List.copyOf(grants);
    }
}
