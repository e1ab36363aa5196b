package coffer.service.evaluation;

import org.jspecify.annotations.Nullable;

/// One criterion with what was measured and what was asked.
///
/// @param criterion its name, as docs/spec/evaluation.md lists them
/// @param figure    null if it was not measured
public record Finding(String criterion, Outcome outcome, @Nullable Long figure, Relation relation, long bound, Unit unit) {

    /// How the figure has to stand to the bound.
    public enum Relation {
        AT_MOST,
        AT_LEAST
    }

    /// Of figure and bound.
    public enum Unit {
        /// 1 for yes and 0 for no.
        HOLDS,
        COUNT,
        MICROSECONDS,
        MILLISECONDS,
        BYTES_PER_SECOND,
        /// Parts of a million.
        PPM
    }

    /// The figure for people.
    public String measured() {
        return figure == null ? "not measured" : Text.figure(figure, unit);
    }

    /// What was asked, for people.
    public String asked() {
        String text = Text.figure(bound, unit);
        return unit == Unit.HOLDS ? text : (relation == Relation.AT_MOST ? "at most " : "at least ") + text;
    }

    static Finding atMost(String criterion, @Nullable Long figure, long bound, Unit unit) {
        return new Finding(criterion, outcome(figure, figure != null && figure <= bound), figure, Relation.AT_MOST, bound, unit);
    }

    static Finding atLeast(String criterion, @Nullable Long figure, long bound, Unit unit) {
        return new Finding(criterion, outcome(figure, figure != null && figure >= bound), figure, Relation.AT_LEAST, bound, unit);
    }

    private static Outcome outcome(@Nullable Long figure, boolean met) {
        return figure == null ? Outcome.NOT_MEASURED : met ? Outcome.PASS : Outcome.FAIL;
    }
}
