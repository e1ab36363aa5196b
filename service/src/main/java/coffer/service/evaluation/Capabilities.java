package coffer.service.evaluation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What a provider was asked and how it answered: the only thing to rely on.
///
/// @param answers for every check
public record Capabilities(Map<Check, Answer> answers) {

    /// An answer of the live endpoint.
    public enum Answer {
        YES,
        NO,
        /// Not to be relied on.
        NOT_ASKED
    }

    public Capabilities {
        var all = new EnumMap<Check, Answer>(Check.class);
        for (Check check : Check.values()) {
            all.put(check, answers.getOrDefault(check, Answer.NOT_ASKED));
        }
        answers = Collections.unmodifiableMap(all);
    }

    /// Whether it was asked and holds.
    public boolean has(Check check) {
        return answers.get(check) == Answer.YES;
    }

    static Capabilities of(Measurements measured) {
        var answers = new EnumMap<Check, Answer>(Check.class);
        measured.checks().forEach((check, holds) -> answers.put(check, holds ? Answer.YES : Answer.NO));
        return new Capabilities(answers);
    }
}
