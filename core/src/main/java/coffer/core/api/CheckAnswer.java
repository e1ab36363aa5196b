package coffer.core.api;

import java.util.List;

/// The packs of the question that are stored with that size on every copy.
public record CheckAnswer(List<String> present) {

    public CheckAnswer {
        present = List.copyOf(present);
    }
}
