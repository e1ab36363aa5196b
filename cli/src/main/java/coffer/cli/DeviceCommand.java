package coffer.cli;

import coffer.agent.Json;
import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Device.DeviceInfo;
import coffer.device.Device.Invitation;
import coffer.device.Device.JoinRequest;
import java.net.URI;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class DeviceCommand extends NeedsPart {

    DeviceCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "device", "The devices of the account.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("code", new Code(coffer()));
        parts.put("approve", new Approve(coffer()));
        parts.put("join", new Join(coffer()));
        parts.put("list", new ListDevices(coffer()));
        parts.put("remove", new Remove(coffer()));
        return parts;
    }

    /// Before a code is used up for nothing.
    private static void requireAnswer(Coffer coffer, boolean given) {
        if (!given && !coffer.terminal().interactive().in()) {
            throw new UsageException("Nobody can be asked here; say --yes, or --no-wait to be asked later.");
        }
    }

    /// Waits for the device that has the code, asks, and lets it in; 0 if it is in.
    private static int admit(Device device, Coffer coffer, boolean yes) throws CofferException {
        requireAnswer(coffer, yes);
        Optional<JoinRequest> request;
        try (Bar bar = coffer.bar()) {
            request = device.awaitJoinRequest(bar);
        }
        if (request.isEmpty()) {
            throw new CofferException(ErrorCode.ENROLMENT, "No device used the code in time.");
        }
        coffer.output().note("A device asks to join: " + Shown.name(request.get().name()) + "  "
                + Shown.id(request.get().deviceId()));
        if (!yes && !Ask.yes(coffer, "Let it in, to read and write everything?")) {
            coffer.output().note("It was not let in, and the code is used up.");
            return Exit.PROBLEMS;
        }
        device.approve(request.get());
        coffer.output()
                .result(
                        Shown.name(request.get().name()) + " is in.",
                        Json.object().put("approved", Wire.join(request.get())).build());
        return Exit.OK;
    }

    static final class Code extends OnDevice {
        private boolean noWait;
        private boolean yes;

        Code(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                    this,
                    "code",
                    "Make a one-time code that lets one new device join, and wait for it.",
                    "",
                    "The code is good for ten minutes and one try. You are asked before the device is let in.")
                    .flag(
                            value -> noWait = value,
                            "Print the code and end; `coffer device approve` does the rest.",
                            "--no-wait")
                    .flag(value -> yes = value, "Let the device that enters the code in without asking.", "--yes")
                    .examples(
                            "coffer device code",
                            "coffer device code --no-wait     then, when the code was entered: coffer device approve")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            boolean waits = !noWait && (yes || !output().isJson());
            requireAnswer(coffer(), !waits || yes);
            Invitation invitation = device.invite();
            if (output().isJson()) {
                output().json(Wire.invitation(invitation));
            } else {
                output().line(invitation.code());
                output().note("Good until " + Shown.time(invitation.expires(), coffer().terminal().zone())
                        + ", for one device. On it, run:");
                output().note("  coffer device join " + invitation.code() + " --service "
                        + Shown.name(device.status().service()));
            }
            coffer().terminal().out().flush();
            return waits ? admit(device, coffer(), yes) : Exit.OK;
        }
    }

    static final class Approve extends OnDevice {
        private boolean yes;

        Approve(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "approve", "Let in the device that has entered the code.")
                    .flag(value -> yes = value, "Do not ask.", "--yes")
                    .examples("coffer device approve")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            return admit(device, coffer(), yes);
        }
    }

    static final class Join implements Action {

        private final Coffer coffer;
        private String code = "";
        private String service = "";
        private @Nullable String certificate;
        private @Nullable String name;

        Join(Coffer coffer) {
            this.coffer = coffer;
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                    this,
                    "join",
                    "Make this machine a device of an account, with a code from one that is.",
                    "",
                    "`coffer device code` on the other device makes the code.")
                    .one(0, value -> code = value, "CODE", "As the other device shows it.")
                    .required(value -> service = value, "URL", "The service's address.", "--service")
                    .serviceCertificate(value -> certificate = value)
                    .option(value -> name = value, "NAME", "This device's name (default: the machine's).", "--name")
                    .examples("coffer device join 7QXM2-… --service http://cloud.example:8443 --name phone")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            URI address = Names.service(service);
            try (Bar bar = coffer.bar()) {
                coffer.setup(certificate)
                        .join(address, code, Names.device(name, coffer.terminal()), bar);
            }
            return entered(coffer);
        }
    }

    /// Says which device this is now.
    static int entered(Coffer coffer) throws CofferException {
        try (Device device = coffer.device()) {
            if (coffer.output().isJson()) {
                coffer.output().json(Wire.status(device.status()));
            } else {
                StatusCommand.print(device.status(), coffer.output());
            }
        }
        return Exit.OK;
    }

    static final class ListDevices extends OnDevice {
        ListDevices(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "list", "List the devices of the account and their roles.")
                    .examples("coffer device list")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            List<DeviceInfo> devices = device.devices();
            if (output().isJson()) {
                List<Json.Fields> items = new ArrayList<>();
                devices.forEach(info -> items.add(Wire.device(info)));
                output().json(Json.object().put("devices", items).build());
                return Exit.OK;
            }
            ZoneId zone = coffer().terminal().zone();
            Table table = new Table("NAME", "ROLE", "ADDED", "ID", "");
            for (DeviceInfo info : devices) {
                table.add(
                        Shown.name(info.name()),
                        info.role(),
                        Shown.time(info.added(), zone),
                        Shown.id(info.id()),
                        info.self() ? "this one" : info.active() ? "" : "removed");
            }
            output().table(table);
            return Exit.OK;
        }
    }

    static final class Remove extends OnDevice {
        private String name = "";

        Remove(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                    this,
                    "remove",
                    "Shut a device out, and change every key that it knew.",
                    "",
                    "What it has copied it keeps; what is sealed from now on it cannot open.")
                    .one(0, value -> name = value, "NAME", "As `coffer device list` shows it.")
                    .examples("coffer device remove \"old phone\"")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            device.removeDevice(name);
            output().result(Shown.name(name) + " is out; every key it knew is changed.", Coffer.done());
            return Exit.OK;
        }
    }
}
