package coffer.core.tlog;

import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Head;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One good statement of each kind, in an order in which they may stand.
final class StatementSamples {

    static final Hash REPORT = Hash.of(new byte[] {1});
    static final LogId ACCOUNT = new LogId(Hash.of(new byte[] {2}).value());

    private StatementSamples() {}

    static Map<String, Statement> all() {
        Map<String, Statement> all = new LinkedHashMap<>();
        all.put("region_added", new Statement.RegionAdded(1_790_000_000_000L, "de", "Germany", "Germany, European Union"));
        all.put("provider_stated", provider("de-one", "de", "https://one.example", "https://two.example:9000"));
        all.put("provider_evaluating", state("de-one", ProviderState.EVALUATING, 0, Optional.empty()));
        all.put("evaluation_reported", new Statement.EvaluationReported(3, "de-one", REPORT, true));
        all.put("provider_qualified", state("de-one", ProviderState.QUALIFIED, 0, Optional.of(REPORT)));
        all.put("provider_active", state("de-one", ProviderState.ACTIVE, 10, Optional.empty()));
        all.put("placement_stated", new Statement.PlacementStated(5, "de", 2));
        all.put("operator_action", new Statement.OperatorAction(6, "key-backup", "A copy of the service's secrets was made."));
        all.put("account_head", Statement.AccountHead.of(ACCOUNT, new Head(7, Hash.of(new byte[] {3}))));
        return all;
    }

    static Statement.ProviderStated provider(String id, String region, String... origins) {
        return new Statement.ProviderStated(2, id, "One Storage GmbH", region, List.of(origins), 1_000);
    }

    static Statement.ProviderStateChanged state(String id, ProviderState state, int share, Optional<Hash> report) {
        return new Statement.ProviderStateChanged(4, id, state, share, "because", report);
    }
}
