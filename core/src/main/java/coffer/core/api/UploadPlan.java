package coffer.core.api;

import java.util.List;

/// Every copy is to be written; writing bytes that are already there changes nothing, except that it heals damage.
public record UploadPlan(String id, List<UploadCopy> copies) {

    public UploadPlan {
        copies = List.copyOf(copies);
    }
}
