package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// Storage providers, from being looked at to being gone.
final class ProviderCommand extends NeedsPart {

    static final String PATH = "/v1/admin/providers";

    private final OperatorCalls calls;

    ProviderCommand(Coffer coffer, OperatorCalls calls) {
        super(coffer);
        this.calls = calls;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "provider",
                        "Storage providers: added, evaluated, admitted, watched, drained, retired.",
                        "",
                        "Every decision stands in the transparency log, where all devices read it.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("list", new ListProviders());
        parts.put("show", new Show());
        parts.put("add", new Add());
        parts.put("evaluate", new EvaluateProvider(coffer(), calls));
        parts.put("report", new ProviderReport(coffer(), calls));
        parts.put("admit", new Admit());
        parts.put("suspend", new Change("suspend", "Give a provider no new packs for now; it keeps what it has."));
        parts.put("drain", new Change("drain", "Move everything away from a provider; reading goes on meanwhile."));
        parts.put("retire", new Retire());
        return parts;
    }

    private void show(Json.Fields provider) {
        Output output = coffer().output();
        if (output.isJson()) {
            output.json(provider);
            return;
        }
        output.line(provider.text("id") + "  " + state(provider));
        output.line("  owner     " + Shown.name(provider.text("owner")));
        output.line("  region    " + provider.text("region") + ", weight " + provider.whole("weight"));
        output.line("  reached   " + String.join(", ", provider.texts("origins")));
        output.line("  since     " + time(provider.text("since")) + ": " + Shown.name(provider.text("reason")));
        output.line("  report    " + provider.findText("report")
                .map(report -> report + (provider.flag("passed") ? " (passed)" : " (failed)"))
                .orElse("none"));
        output.line("  copies    " + provider.whole("copies") + " (" + Shown.bytes(provider.whole("bytes")) + ")"
                + (provider.whole("copies") > 0 ? ", all read and found right since " + proven(provider) : ""));
        if (provider.whole("damaged") + provider.whole("toWrite") + provider.whole("toLeave") + provider.whole("leaving") > 0) {
            output.line("  moving    " + provider.whole("toWrite") + " to write, " + provider.whole("toLeave")
                    + " to take away, " + provider.whole("leaving") + " being deleted, " + provider.whole("damaged")
                    + " damaged");
        }
        if (!provider.flag("open")) {
            output.note("! The service cannot open it: its folder or its credentials cannot be read. See the service's log.");
        }
    }

    private String time(String iso) {
        return Shown.time(Instant.parse(iso), coffer().terminal().zone());
    }

    private String proven(Json.Fields provider) {
        return provider.findText("proven").map(this::time).orElse("(not all were read yet)");
    }

    private static String state(Json.Fields provider) {
        long share = provider.whole("share");
        return provider.text("state") + (share > 0 ? " (" + OperatorText.percent(share) + ")" : "");
    }

    private final class ListProviders implements Action {
        @Override
        public CommandSpec spec() {
            return Spec.of(this, "list", "List the providers, what they hold, and what is still to be moved.")
                    .examples("coffer operator provider list")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            Json.Fields answer = calls.get(PATH);
            Output output = coffer().output();
            if (output.isJson()) {
                output.json(answer);
                return Exit.OK;
            }
            Table table = new Table("PROVIDER", "REGION", "STATE", "COPIES", "BYTES", "DAMAGED", "TO WRITE", "TO LEAVE", "OWNER");
            for (Json.Fields provider : answer.list("items")) {
                table.add(
                        provider.text("id"),
                        provider.text("region"),
                        state(provider),
                        Long.toString(provider.whole("copies")),
                        Shown.bytes(provider.whole("bytes")),
                        Long.toString(provider.whole("damaged")),
                        Long.toString(provider.whole("toWrite")),
                        Long.toString(provider.whole("toLeave") + provider.whole("leaving")),
                        Shown.name(provider.text("owner")));
            }
            output.table(table);
            return Exit.OK;
        }
    }

    private final class Show implements Action {
        private String id = "";

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "show", "Show one provider.")
                    .one(0, value -> id = value, "ID", "As `list` shows it.")
                    .examples("coffer operator provider show near")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            show(calls.get(PATH + "/" + OperatorText.id(id)));
            return Exit.OK;
        }
    }

    private final class Add implements Action {
        private String id = "";
        private List<String> settings = List.of();

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "add",
                            "Add a provider as a candidate, or give a known one other settings; its region stays.",
                            "",
                            "KEY=VALUE as in a service's configuration behind provider.ID (docs/operations.md): region, owner,"
                                    + " weight, kind (directory or s3), path; endpoint, bucket, prefix, path-style,"
                                    + " signing-region, access-key-file or -env, secret-key-file or -env,"
                                    + " session-token-file or -env. Secrets themselves are not taken.")
                    .one(0, value -> id = value, "ID", "Lower-case letters, digits and dashes.")
                    .many("0..*", value -> settings = value.stream().filter(one -> one.contains("=")).toList(), "KEY=VALUE", "Its settings.")
                    .examples(
                            "coffer operator provider add near region=is path=/mnt/near",
                            "coffer operator provider add far region=is kind=s3 bucket=coffer \\",
                            "    endpoint=https://s3.far.example access-key-file=far.id \\",
                            "    secret-key-file=far.key owner=\"Far hf.\"")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            Json.Builder given = Json.object();
            for (String setting : settings) {
                int equals = setting.indexOf('=');
                given.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
            show(calls.post(
                    PATH, Json.object().put("id", OperatorText.id(id)).put("settings", given.build()).build()));
            return Exit.OK;
        }
    }

    private Json.Fields change(String id, String change, long share, String reason, boolean unevaluated, boolean lost)
            throws CofferException {
        return calls.post(
                PATH + "/" + OperatorText.id(id) + "/state",
                Json.object()
                        .put("change", change)
                        .put("share", share)
                        .put("reason", reason)
                        .put("unevaluated", unevaluated)
                        .put("lost", lost)
                        .build());
    }

    private final class Admit implements Action {
        private String id = "";
        private String share = "100%";
        private Optional<String> reason = Optional.empty();
        private boolean unevaluated;

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "admit",
                            "Let a provider take new packs, in stages; what is stored follows in the background.",
                            "",
                            "At a share of 1 % it has a hundredth of its weight. A smaller share than before moves packs back.")
                    .one(0, value -> id = value, "ID", "As `list` shows it.")
                    .option(value -> share = value, "PERCENT", "Of its weight (default: 100%).", "--share")
                    .option(value -> reason = Optional.of(value), "TEXT", "For the transparency log.", "--reason")
                    .flag(value -> unevaluated = value, "Although it has passed no evaluation; everybody can read that.", "--unevaluated")
                    .examples("coffer operator provider admit near --share 1%", "coffer operator provider admit near")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            String why = reason.orElse(unevaluated ? "admitted by the operator without evaluation" : "admitted by the operator");
            show(change(id, "admit", OperatorText.share(share), why, unevaluated, false).fields("provider"));
            return Exit.OK;
        }
    }

    private final class Change implements Action {
        private final String name;
        private final String description;
        private String id = "";
        private Optional<String> reason = Optional.empty();

        Change(String name, String description) {
            this.name = name;
            this.description = description;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, name, description)
                    .one(0, value -> id = value, "ID", "As `list` shows it.")
                    .option(value -> reason = Optional.of(value), "TEXT", "For the transparency log.", "--reason")
                    .examples("coffer operator provider " + name + " far --reason \"contract ended\"")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            show(change(id, name, 0, reason.orElse("decided by the operator"), false, false).fields("provider"));
            return Exit.OK;
        }
    }

    private final class Retire implements Action {
        private String id = "";
        private Optional<String> reason = Optional.empty();
        private boolean lost;
        private boolean yes;

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "retire",
                            "End a provider that holds nothing any more. It never comes back under this id.",
                            "",
                            "--lost is for one that is gone with what it held: packs with another copy get a new one; the"
                                    + " others are lost, and counted.")
                    .one(0, value -> id = value, "ID", "As `list` shows it.")
                    .option(value -> reason = Optional.of(value), "TEXT", "For the transparency log.", "--reason")
                    .flag(value -> lost = value, "It is gone with what it held.", "--lost")
                    .flag(value -> yes = value, "Do not ask.", "--yes")
                    .examples("coffer operator provider retire far", "coffer operator provider retire far --lost")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            if (lost && !yes && !Ask.yes(coffer(), "Give up everything that only " + Shown.name(id) + " holds?")) {
                coffer().output().note("Nothing was changed.");
                return Exit.PROBLEMS;
            }
            Json.Fields answer = change(id, "retire", 0, reason.orElse("retired by the operator"), false, lost);
            show(answer.fields("provider"));
            long without = answer.whole("without");
            if (without > 0) {
                coffer().output().note("! " + Shown.count(without, "pack") + " had no other copy and are lost with it.");
                return Exit.PROBLEMS;
            }
            return Exit.OK;
        }
    }
}
