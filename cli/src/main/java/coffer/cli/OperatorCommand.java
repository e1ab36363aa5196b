package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// What the operator of a service decides: regions, and the providers in them.
final class OperatorCommand extends NeedsPart {

    private final OperatorCalls calls;

    OperatorCommand(Coffer coffer) {
        super(coffer);
        this.calls = new OperatorCalls(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "operator", "Decide about the regions and storage providers of a service on this machine.")
                .parts("COMMAND")
                .optionEverywhere(
                        calls::useFolder,
                        "DIR",
                        "The service's folder (default: that of `coffer up`, else coffer-service here).",
                        "--data")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("region", new Regions(coffer(), calls));
        parts.put("provider", new ProviderCommand(coffer(), calls));
        return parts;
    }

    private static final class Regions extends NeedsPart {
        private final OperatorCalls calls;

        Regions(Coffer coffer, OperatorCalls calls) {
            super(coffer);
            this.calls = calls;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "region", "The regions that people choose from.").parts("COMMAND").build();
        }

        @Override
        public Map<String, Action> parts() {
            Map<String, Action> parts = new LinkedHashMap<>();
            parts.put("list", new ListRegions(coffer(), calls));
            parts.put("add", new AddRegion(coffer(), calls));
            parts.put("copies", new SetCopies(coffer(), calls));
            return parts;
        }
    }

    /// Prints what the service answered about its regions.
    private abstract static class OnRegions implements Action {
        final Coffer coffer;
        final OperatorCalls calls;

        OnRegions(Coffer coffer, OperatorCalls calls) {
            this.coffer = coffer;
            this.calls = calls;
        }

        final int show(Json.Fields regions) {
            if (coffer.output().isJson()) {
                coffer.output().json(regions);
                return Exit.OK;
            }
            Table table = new Table("REGION", "COPIES", "NAME", "JURISDICTION", "PROVIDERS");
            for (Json.Fields region : regions.list("items")) {
                table.add(
                        region.text("id"),
                        Long.toString(region.whole("copies")),
                        Shown.name(region.text("name")),
                        Shown.name(region.text("jurisdiction")),
                        String.join(", ", region.texts("providers")));
            }
            coffer.output().table(table);
            return Exit.OK;
        }
    }

    private static final class ListRegions extends OnRegions {
        ListRegions(Coffer coffer, OperatorCalls calls) {
            super(coffer, calls);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "list", "List the regions.").examples("coffer operator region list").build();
        }

        @Override
        public Integer call() throws CofferException {
            return show(calls.get("/v1/admin/regions"));
        }
    }

    private static final class AddRegion extends OnRegions {
        private String id = "";
        private String name = "";
        private String jurisdiction = "not stated";

        AddRegion(Coffer coffer, OperatorCalls calls) {
            super(coffer, calls);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "add",
                            "Add a region; everybody can read it in the transparency log from then on, and nothing removes it.")
                    .one(0, value -> id = value, "ID", "Lower-case letters, digits and dashes.")
                    .option(value -> name = value, "TEXT", "For people (default: the id).", "--name")
                    .option(value -> jurisdiction = value, "TEXT", "Whose law applies there.", "--jurisdiction")
                    .examples("coffer operator region add is --name Iceland --jurisdiction \"Icelandic law\"")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            return show(calls.post(
                    "/v1/admin/regions",
                    Json.object()
                            .put("id", id)
                            .put("name", name.isEmpty() ? id : name)
                            .put("jurisdiction", jurisdiction)
                            .build()));
        }
    }

    private static final class SetCopies extends OnRegions {
        private String id = "";
        private String copies = "";

        SetCopies(Coffer coffer, OperatorCalls calls) {
            super(coffer, calls);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "copies",
                            "Say how many copies each pack of a region has, each with another owner.",
                            "",
                            "What is stored follows in the background; `coffer operator provider list` shows how far it is.")
                    .one(0, value -> id = value, "REGION", "As `coffer operator region list` shows it.")
                    .one(1, value -> copies = value, "NUMBER", "1 to 16.")
                    .examples("coffer operator region copies is 2")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            return show(calls.post(
                    "/v1/admin/regions/" + OperatorText.id(id) + "/copies",
                    Json.object().put("copies", OperatorText.number(copies, 1, 16)).build()));
        }
    }
}
