package coffer.device;

import coffer.core.Hash;
import coffer.core.tlog.Statement;
import coffer.device.Device.LogStatement;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Statements of the transparency log in words for people.
final class LogWords {

    private LogWords() {}

    /// @param own says of a place whether it is of the own account's log
    static LogStatement of(long index, Statement statement, Predicate<Hash> own) {
        return switch (statement) {
            case Statement.RegionAdded(long time, String id, String name, String jurisdiction) ->
                line(index, "region added", time, id, name + "; jurisdiction: " + jurisdiction);
            case Statement.ProviderStated stated ->
                line(index, "provider stated", stated.time(), stated.id(),
                        "owned by " + stated.owner() + ", in region " + stated.region() + ", at "
                                + String.join(" and ", stated.origins()) + ", weight " + stated.weight());
            case Statement.ProviderStateChanged change ->
                line(index, "provider state", change.time(), change.provider(),
                        change.state().name().toLowerCase(Locale.ROOT) + share(change.share()) + ": " + change.reason()
                                + change.report().map(report -> " (report " + report.hex() + ")").orElse(""));
            case Statement.EvaluationReported(long time, String provider, Hash report, boolean passed) ->
                line(index, "evaluation", time, provider, (passed ? "passed" : "failed") + ", report " + report.hex());
            case Statement.PlacementStated(long time, String region, int copies) ->
                line(index, "placement", time, region, copies + (copies == 1 ? " copy" : " copies") + " of each pack");
            case Statement.OperatorAction(long time, String action, String words) ->
                line(index, "operator action", time, action, words);
            case Statement.AccountHead(Hash place, Hash _) -> {
                boolean ours = own.test(place);
                yield new LogStatement(
                        index, "account head", Optional.empty(), "", ours ? "your account's log grew" : "an account's log grew", ours);
            }
        };
    }

    private static LogStatement line(long index, String kind, long time, String about, String words) {
        return new LogStatement(index, kind, Optional.of(Instant.ofEpochMilli(time)), about, words, false);
    }

    /// Per-mille as people read parts; nothing for none.
    private static String share(int share) {
        if (share == 0) {
            return "";
        }
        String percent = share % 10 == 0 ? Integer.toString(share / 10) : share / 10 + "." + share % 10;
        return " with " + percent + " % of new packs";
    }
}
