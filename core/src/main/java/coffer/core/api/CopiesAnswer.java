package coffer.core.api;

import java.util.List;

/// Answer of `GET /v1/logs/{log}/copies`.
public record CopiesAnswer(List<CopyCount> copies) {

    public CopiesAnswer {
        copies = List.copyOf(copies);
    }
}
