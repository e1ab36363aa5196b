package coffer.cli;

import coffer.agent.AgentClient;
import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Phones of the home network that may use the pages.
final class PhoneCommand implements Group {

    private static final Json.Fields NOTHING = Json.object().build();
    private static final int TRIES = 3;

    private final Coffer coffer;

    PhoneCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "phone",
                        "Let a phone of the home network use the pages of this device; without a command, shows how that stands.",
                        "",
                        "Off until it is turned on. Phones are served at one private address over TLS, and each is let in once, by a"
                                + " person at this computer (docs/pages.md says what that can and cannot keep out).")
                .parts("[COMMAND]")
                .examples("coffer phone on", "coffer phone pair", "coffer phone remove iPhone", "coffer phone off")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("on", new On(coffer));
        parts.put("pair", new Pair(coffer));
        parts.put("confirm", new Confirm(coffer));
        parts.put("list", new ListPhones(coffer));
        parts.put("remove", new Remove(coffer));
        parts.put("off", new Off(coffer));
        return parts;
    }

    @Override
    public Integer call() throws CofferException {
        return show(coffer, ask(coffer, "phones", NOTHING));
    }

    private static Json.Fields ask(Coffer coffer, String operation, Json.Fields arguments) throws CofferException {
        return coffer.agents().connect(coffer.home()).call(operation, arguments);
    }

    private static int show(Coffer coffer, Json.Fields state) {
        Output output = coffer.output();
        if (output.isJson()) {
            output.json(state);
            return Exit.OK;
        }
        Optional<String> site = state.findText("site");
        if (site.isPresent()) {
            output.line("Phones are served at " + site.get());
        } else {
            output.line(state.flag("on") ? "Phones should be served, but are not." : "No phone is served.");
        }
        state.findText("fingerprint").ifPresent(print -> output.line("certificate  " + print));
        if (state.find("problem").orElse(null) instanceof Json.Fields problem) {
            output.note(problem.text("message") + " " + problem.findText("advice").orElse(""));
        }
        list(coffer, state.list("phones"));
        return Exit.OK;
    }

    private static void list(Coffer coffer, List<Json.Fields> phones) {
        if (phones.isEmpty()) {
            coffer.output().line("No phone is paired.");
            return;
        }
        ZoneId zone = coffer.terminal().zone();
        Table table = new Table("NAME", "PAIRED", "LAST USED", "UNTIL");
        for (Json.Fields phone : phones) {
            table.add(
                    Shown.name(phone.text("name")),
                    Shown.time(Instant.parse(phone.text("added")), zone),
                    phone.findText("used").map(used -> Shown.time(Instant.parse(used), zone)).orElse("never"),
                    Shown.time(Instant.parse(phone.text("ends")), zone));
        }
        coffer.output().table(table);
    }

    static final class On implements Action {
        private final Coffer coffer;
        private @Nullable String address;
        private @Nullable String port;

        On(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "on",
                            "Serve the pages to phones, at one private address of this computer.",
                            "",
                            "Stays on when the agent starts again, until `coffer phone off`. Phones know this computer by address and port; give"
                                    + " it a fixed address in the router, or they have to be paired again when it changes.")
                    .option(value -> address = value, "ADDRESS", "Where; auto for the address that this network knows this computer by (default: as it was, at first auto).", "--address")
                    .option(value -> port = value, "PORT", "At which port (default: the last one, at first 27443).", "--port")
                    .examples("coffer phone on", "coffer phone on --address 192.168.1.20 --port 27443")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            Json.Builder arguments = Json.object();
            if (address != null) {
                arguments.put("address", address);
            }
            String wanted = port;
            if (wanted != null) {
                if (!wanted.matches("[0-9]{1,5}")) {
                    throw new UsageException("That is no port: " + wanted + ".");
                }
                arguments.put("port", Long.parseLong(wanted));
            }
            return show(coffer, ask(coffer, "phone-on", arguments.build()));
        }
    }

    static final class Pair implements Action {
        private final Coffer coffer;

        Pair(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "pair",
                            "Let one phone in: shows the address that it opens, then asks for the six figures that it shows.",
                            "",
                            "The address is good for one phone and ten minutes; on a terminal it is shown as a QR code as well.")
                    .examples("coffer phone pair", "coffer phone pair --json     then, with what the phone shows: coffer phone confirm 481207")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            AgentClient agent = coffer.agents().connect(coffer.home());
            Json.Fields invitation = agent.call("phone-pair", NOTHING);
            Output output = coffer.output();
            if (output.isJson()) {
                output.json(invitation);
                return Exit.OK;
            }
            if (coffer.terminal().interactive().out()) {
                QrCode.of(invitation.text("address")).lines().forEach(output::line);
            }
            output.line(invitation.text("address"));
            output.note("Good until " + Shown.time(Instant.parse(invitation.text("expires")), coffer.terminal().zone()) + ", for one phone."
                    + " The phone will warn that nobody vouches for the certificate; its SHA-256 fingerprint must be");
            output.note("  " + invitation.text("fingerprint"));
            coffer.terminal().out().flush();
            if (!coffer.terminal().interactive().in()) {
                return Exit.OK;
            }
            Json.Fields answer;
            try (Bar bar = coffer.bar()) {
                answer = agent.call("phone-await", NOTHING, bar, _ -> {});
            }
            String kind = answer.findText("kind")
                    .orElseThrow(() -> new CofferException(ErrorCode.ENROLMENT, "No phone used the address in time."));
            output.note("It was opened (" + Shown.name(kind) + ").");
            return confirm(agent, 1);
        }

        private int confirm(AgentClient agent, int turn) throws CofferException {
            String code = Ask.line(coffer, "The six figures on your phone's screen: ").orElse("").strip();
            try {
                return admitted(coffer, agent.call("phone-confirm", Json.object().put("code", code).build()));
            } catch (CofferException e) {
                if (turn >= TRIES) {
                    throw e;
                }
                coffer.output().note(e.reason());
                return confirm(agent, turn + 1);
            }
        }
    }

    private static int admitted(Coffer coffer, Json.Fields answer) {
        coffer.output().result(Shown.name(answer.text("name")) + " is paired.", answer);
        return Exit.OK;
    }

    static final class Confirm implements Action {
        private final Coffer coffer;
        private String code = "";

        Confirm(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "confirm", "Let the phone in that shows these six figures.")
                    .one(0, value -> code = value, "FIGURES", "As the phone shows them.")
                    .examples("coffer phone confirm 481207")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            return admitted(coffer, ask(coffer, "phone-confirm", Json.object().put("code", code).build()));
        }
    }

    static final class ListPhones implements Action {
        private final Coffer coffer;

        ListPhones(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "list", "List the phones that are paired, and when each was last used.")
                    .examples("coffer phone list")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            return show(coffer, ask(coffer, "phones", NOTHING));
        }
    }

    static final class Remove implements Action {
        private final Coffer coffer;
        private String name = "";

        Remove(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "remove",
                            "Shut a phone out at once.",
                            "",
                            "It never had a key, so none is changed; what it has shown or saved, it keeps.")
                    .one(0, value -> name = value, "NAME", "As `coffer phone list` shows it.")
                    .examples("coffer phone remove iPhone")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            ask(coffer, "phone-remove", Json.object().put("name", name).build());
            coffer.output().result(Shown.name(name) + " is out.", Coffer.done());
            return Exit.OK;
        }
    }

    static final class Off implements Action {
        private final Coffer coffer;

        Off(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "off", "Serve no phone any more. Those that are paired stay so.")
                    .examples("coffer phone off")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            ask(coffer, "phone-off", NOTHING);
            coffer.output().result("No phone is served.", Coffer.done());
            return Exit.OK;
        }
    }
}
