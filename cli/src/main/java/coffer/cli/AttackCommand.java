package coffer.cli;

import coffer.agent.Json;
import coffer.attack.Attack;
import coffer.attack.Rig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

final class AttackCommand implements Action {

    private final Coffer coffer;
    private List<String> wanted = List.of();
    private boolean list;

    AttackCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "attack", "Attack this build with a hostile service, in a temporary world, and say what happened.")
                .many("0..*", values -> wanted = values, "[ENTRY…]", "Only these entries of the catalogue, say A20.")
                .flag(value -> list = value, "Only say what would be tried.", "--list")
                .examples("coffer attack", "coffer attack A20 A21")
                .build();
    }

    @Override
    public Integer call() throws IOException {
        Logs.quiet();
        List<Attack> attacks = Attack.all().stream().filter(attack -> attack.isOneOf(wanted)).toList();
        if (attacks.isEmpty()) {
            throw new UsageException("No attack tries that; `coffer attack --list` lists them.");
        }
        List<Json> results = new ArrayList<>();
        int fell = 0;
        if (!list && !coffer.isJson()) {
            coffer.output().line("Each attack is mounted in a world of its own: a service, a provider, three devices. docs/attacks.md explains the numbers; -v says what was done.");
        }
        for (Attack attack : attacks) {
            Rig.Verdict verdict = list ? null : Rig.run(attack);
            fell += verdict != null && !verdict.holds() ? 1 : 0;
            String outcome = verdict == null ? "not tried" : verdict.holds() ? "held" : "fell";
            List<String> failures = verdict == null ? List.of() : verdict.failures();
            results.add(Json.object()
                    .put("entry", String.join(" ", attack.entries()))
                    .put("what", attack.what())
                    .put("outcome", outcome)
                    .put("failures", String.join("; ", failures))
                    .build());
            if (!coffer.isJson()) {
                coffer.output().line(Width.padded(String.join(" ", attack.entries()), 18) + Width.padded(list ? "" : outcome, 6) + attack.what());
                failures.forEach(failure -> coffer.output().line("                        " + Shown.name(failure)));
                if (verdict != null && coffer.isVerbose()) {
                    verdict.acts().forEach(act -> coffer.output().line("                        " + Shown.name(act)));
                }
            }
        }
        if (coffer.isJson()) {
            coffer.output().json(Json.object().put("attacks", new Json.Items(results)).build());
        } else if (!list) {
            String count = Shown.count(attacks.size(), "attack");
            coffer.output().line(fell == 0 ? count + ": all held." : count + ", " + fell + " fell: do not trust this build.");
        }
        return fell > 0 ? Exit.PROBLEMS : Exit.OK;
    }
}
