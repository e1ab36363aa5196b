package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Device.CollectReport;
import coffer.device.Device.ConflictInfo;
import coffer.device.Device.CopyPlace;
import coffer.device.Device.DeviceInfo;
import coffer.device.Device.GetReport;
import coffer.device.Device.Invitation;
import coffer.device.Device.JoinRequest;
import coffer.device.Device.KeyHolder;
import coffer.device.Device.LeftCopies;
import coffer.device.Device.LeftOut;
import coffer.device.Device.Limits;
import coffer.device.Device.LogReport;
import coffer.device.Device.LogStatement;
import coffer.device.Device.LogStatus;
import coffer.device.Device.NodeInfo;
import coffer.device.Device.NodeKind;
import coffer.device.Device.PeerAgreement;
import coffer.device.Device.Piece;
import coffer.device.Device.Problem;
import coffer.device.Device.PutReport;
import coffer.device.Device.RegionChoice;
import coffer.device.Device.RegionReport;
import coffer.device.Device.RewindPoint;
import coffer.device.Device.RewindReport;
import coffer.device.Device.RewindTo;
import coffer.device.Device.Status;
import coffer.device.Device.SyncInfo;
import coffer.device.Device.SyncState;
import coffer.device.Device.SyncStep;
import coffer.device.Device.TrashItem;
import coffer.device.Device.VerifyReport;
import coffer.device.Device.Version;
import coffer.device.Device.WhereReport;
import coffer.device.DeviceSetup.Keep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The values of [Device] as JSON and back: the one place that fixes the names of fields (docs/cli.md lists them).
///
/// Names are never reused for another meaning; new fields may be added, and readers ignore those they do not know.
public final class Wire {

    private Wire() {}

    public static Json.Fields node(NodeInfo node) {
        return Json.object()
                .put("path", node.path())
                .put("kind", node.kind().name().toLowerCase(Locale.ROOT))
                .put("size", node.size())
                .put("modified", node.modified().toString())
                .put("executable", node.executable())
                .put("node", node.nodeId())
                .put("version", node.version())
                .put("device", node.device())
                .build();
    }

    static NodeInfo node(Json.Fields json) {
        return new NodeInfo(
                json.text("path"),
                kind(json.text("kind")),
                json.whole("size"),
                time(json.text("modified")),
                json.flag("executable"),
                json.text("node"),
                json.whole("version"),
                json.text("device"));
    }

    static Json.Builder piece(Json.Builder json, Piece piece) {
        piece.version().ifPresent(version -> json.put("version", (long) version));
        return json.put("from", piece.from()).put("length", piece.length());
    }

    /// All of the present state where nothing is said.
    static Piece piece(Json.Fields json) {
        Optional<Long> version = json.find("version").isPresent() ? Optional.of(json.whole("version")) : Optional.empty();
        long from = json.find("from").isPresent() ? json.whole("from") : 0;
        long length = json.find("length").isPresent() ? json.whole("length") : Long.MAX_VALUE;
        if (from < 0 || length < 0) {
            throw new Json.JsonException("a piece begins before its file, or has no length");
        }
        return new Piece(version, from, length);
    }

    public static Json.Fields problem(Problem problem) {
        return Json.object()
                .put("where", problem.where())
                .put("code", problem.code())
                .put("message", problem.message())
                .build();
    }

    static Problem problem(Json.Fields json) {
        return new Problem(json.text("where"), json.text("code"), json.text("message"));
    }

    public static Json.Fields put(PutReport report) {
        return Json.object()
                .put("files", report.files())
                .put("folders", report.folders())
                .put("bytes", report.bytes())
                .put("newBytes", report.newBytes())
                .put("sentBytes", report.sentBytes())
                .put("unchanged", report.unchanged())
                .put("problems", all(report.problems(), Wire::problem))
                .build();
    }

    static PutReport put(Json.Fields json) {
        return new PutReport(
                json.whole("files"),
                json.whole("folders"),
                json.whole("bytes"),
                json.whole("newBytes"),
                json.whole("sentBytes"),
                json.whole("unchanged"),
                all(json, "problems", Wire::problem));
    }

    public static Json.Fields get(GetReport report) {
        return Json.object()
                .put("files", report.files())
                .put("folders", report.folders())
                .put("bytes", report.bytes())
                .put("alreadyThere", report.alreadyThere())
                .put("problems", all(report.problems(), Wire::problem))
                .build();
    }

    static GetReport get(Json.Fields json) {
        return new GetReport(
                json.whole("files"),
                json.whole("folders"),
                json.whole("bytes"),
                json.whole("alreadyThere"),
                all(json, "problems", Wire::problem));
    }

    public static Json.Fields version(Version version) {
        return Json.object()
                .put("version", version.version())
                .put("time", version.time().toString())
                .put("device", version.device())
                .put("path", version.path())
                .put("size", version.size())
                .put("current", version.current())
                .put("deleted", version.deleted().map(Instant::toString))
                .build();
    }

    static Version version(Json.Fields json) {
        return new Version(
                json.whole("version"),
                time(json.text("time")),
                json.text("device"),
                json.text("path"),
                json.whole("size"),
                json.flag("current"),
                json.findText("deleted").map(Wire::time));
    }

    public static Json.Fields trash(TrashItem item) {
        return Json.object()
                .put("node", item.nodeId())
                .put("path", item.path())
                .put("kind", item.kind().name().toLowerCase(Locale.ROOT))
                .put("size", item.size())
                .put("deleted", item.deleted().toString())
                .put("expires", item.expires().toString())
                .put("device", item.device())
                .build();
    }

    static TrashItem trash(Json.Fields json) {
        return new TrashItem(
                json.text("node"),
                json.text("path"),
                kind(json.text("kind")),
                json.whole("size"),
                time(json.text("deleted")),
                time(json.text("expires")),
                json.text("device"));
    }

    public static Json.Fields device(DeviceInfo device) {
        return Json.object()
                .put("id", device.id())
                .put("name", device.name())
                .put("role", device.role())
                .put("added", device.added().toString())
                .put("active", device.active())
                .put("self", device.self())
                .build();
    }

    static DeviceInfo device(Json.Fields json) {
        return new DeviceInfo(
                json.text("id"),
                json.text("name"),
                json.text("role"),
                time(json.text("added")),
                json.flag("active"),
                json.flag("self"));
    }

    public static Json.Fields holder(KeyHolder holder) {
        return Json.object()
                .put("holder", holder.holder())
                .put("key", holder.keyId())
                .put("since", holder.since().toString())
                .put("entry", holder.entry())
                .build();
    }

    static KeyHolder holder(Json.Fields json) {
        return new KeyHolder(json.text("holder"), json.text("key"), time(json.text("since")), json.text("entry"));
    }

    public static Json.Fields sync(SyncInfo sync) {
        return Json.object()
                .put("folder", sync.folder())
                .put("path", sync.path())
                .put("state", word(sync.state()))
                .put("sending", sync.sending())
                .put("receiving", sync.receiving())
                .put("waiting", sync.waiting())
                .put("question", sync.question())
                .put("agreed", sync.agreed().map(Instant::toString))
                .put("leftOut", all(sync.leftOut(), Wire::leftOut))
                .put("problems", all(sync.problems(), Wire::problem))
                .build();
    }

    /// The same with what the other devices said of the folder.
    public static Json.Fields sync(SyncInfo sync, List<PeerAgreement> peers) {
        Json.Builder all = Json.object();
        sync(sync).values().forEach(all::put);
        return all.put("devices", all(peers, Wire::peerAgreement)).build();
    }

    static SyncInfo sync(Json.Fields json) {
        return new SyncInfo(
                json.text("folder"),
                json.text("path"),
                syncState(json.text("state")),
                json.whole("sending"),
                json.whole("receiving"),
                json.whole("waiting"),
                json.findText("question"),
                json.findText("agreed").map(Wire::time),
                all(json, "leftOut", Wire::leftOut),
                all(json, "problems", Wire::problem));
    }

    public static Json.Fields peerAgreement(PeerAgreement agreement) {
        return Json.object()
                .put("folder", agreement.folder())
                .put("device", agreement.device())
                .put("time", agreement.time().toString())
                .put("same", agreement.same())
                .build();
    }

    static PeerAgreement peerAgreement(Json.Fields json) {
        return new PeerAgreement(json.text("folder"), json.text("device"), time(json.text("time")), json.flag("same"));
    }

    private static Json.Fields leftOut(LeftOut one) {
        return Json.object().put("path", one.path()).put("stays", one.stays()).build();
    }

    private static LeftOut leftOut(Json.Fields json) {
        return new LeftOut(json.text("path"), json.flag("stays"));
    }

    /// The name of a state as it is printed and sent.
    public static String word(SyncState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static SyncState syncState(String word) {
        for (SyncState state : SyncState.values()) {
            if (word(state).equals(word)) {
                return state;
            }
        }
        throw new Json.JsonException("an unknown state of a synced folder");
    }

    static Json.Fields rewindTo(RewindTo to) {
        return switch (to) {
            case RewindTo.Time(Instant time) -> Json.object().put("time", time.toString()).build();
            case RewindTo.Version(long version) -> Json.object().put("version", version).build();
        };
    }

    static RewindTo rewindTo(Json.Fields json) {
        return json.findText("time")
                .<RewindTo>map(text -> new RewindTo.Time(time(text)))
                .orElseGet(() -> new RewindTo.Version(json.whole("version")));
    }

    static Json.Fields rewindPoint(RewindPoint point) {
        return Json.object()
                .put("version", point.version())
                .put("time", point.time().toString())
                .put("device", point.device())
                .put("newest", point.newest())
                .build();
    }

    static RewindPoint rewindPoint(Json.Fields json) {
        return new RewindPoint(json.whole("version"), time(json.text("time")), json.text("device"), json.whole("newest"));
    }

    public static Json.Fields rewind(RewindReport report) {
        return Json.object()
                .put("point", rewindPoint(report.point()))
                .put("restored", report.restored())
                .put("changed", report.changed())
                .put("moved", report.moved())
                .put("removed", report.removed())
                .put("problems", all(report.problems(), Wire::problem))
                .build();
    }

    static RewindReport rewind(Json.Fields json) {
        return new RewindReport(
                rewindPoint(json.fields("point")),
                json.whole("restored"),
                json.whole("changed"),
                json.whole("moved"),
                json.whole("removed"),
                all(json, "problems", Wire::problem));
    }

    public static Json.Fields limits(Limits limits) {
        return Json.object().put("up", limits.up()).put("down", limits.down()).build();
    }

    static Limits limits(Json.Fields json) {
        return new Limits(json.whole("up"), json.whole("down"));
    }

    public static Json.Fields step(SyncStep step) {
        return Json.object().put("what", step.what()).put("where", step.where()).build();
    }

    static SyncStep step(Json.Fields json) {
        return new SyncStep(json.text("what"), json.text("where"));
    }

    public static Json.Fields conflict(ConflictInfo conflict) {
        return Json.object()
                .put("kept", conflict.kept())
                .put("with", conflict.with())
                .put("time", conflict.time().toString())
                .build();
    }

    static ConflictInfo conflict(Json.Fields json) {
        return new ConflictInfo(json.text("kept"), json.text("with"), time(json.text("time")));
    }

    private static Json.Fields log(LogStatus log) {
        return Json.object()
                .put("log", log.logId())
                .put("kind", log.kind())
                .put("sequence", log.sequence())
                .put("head", log.head())
                .put("frozen", log.frozen())
                .build();
    }

    private static LogStatus log(Json.Fields json) {
        return new LogStatus(
                json.text("log"),
                json.text("kind"),
                json.whole("sequence"),
                json.text("head"),
                json.findText("frozen"));
    }

    public static Json.Fields status(Status status) {
        return Json.object()
                .put("account", status.accountId())
                .put("device", status.deviceName())
                .put("deviceId", status.deviceId())
                .put("service", status.service())
                .put("online", status.online())
                .put("logs", all(status.logs(), Wire::log))
                .put("files", status.files())
                .put("bytes", status.bytes())
                .put("packs", status.packs())
                .put("packBytes", status.packBytes())
                .put("pendingUploads", status.pendingUploads())
                .put("rotationPending", status.rotationPending())
                .put("limits", limits(status.limits()))
                .put("syncs", all(status.syncs(), Wire::sync))
                .put("problems", all(status.problems(), Wire::problem))
                .build();
    }

    static Status status(Json.Fields json) {
        return new Status(
                json.text("account"),
                json.text("device"),
                json.text("deviceId"),
                json.text("service"),
                json.flag("online"),
                all(json, "logs", Wire::log),
                json.whole("files"),
                json.whole("bytes"),
                json.whole("packs"),
                json.whole("packBytes"),
                json.whole("pendingUploads"),
                json.flag("rotationPending"),
                limits(json.fields("limits")),
                all(json, "syncs", Wire::sync),
                all(json, "problems", Wire::problem));
    }

    public static Json.Fields verify(VerifyReport report) {
        return Json.object()
                .put("entries", report.entries())
                .put("packs", report.packs())
                .put("packBytes", report.packBytes())
                .put("chunks", report.chunks())
                .put("files", report.files())
                .put("problems", all(report.problems(), Wire::problem))
                .build();
    }

    static VerifyReport verify(Json.Fields json) {
        return new VerifyReport(
                json.whole("entries"),
                json.whole("packs"),
                json.whole("packBytes"),
                json.whole("chunks"),
                json.whole("files"),
                all(json, "problems", Wire::problem));
    }

    public static Json.Fields where(WhereReport report) {
        return Json.object()
                .put("path", report.path())
                .put("region", report.region())
                .put("packs", report.packs())
                .put("bytes", report.bytes())
                .put("without", report.without())
                .put("places", all(report.places(), Wire::place))
                .put("former", Json.texts(report.former()))
                .put("left", all(report.left(), Wire::left))
                .put("online", report.online())
                .put("read", report.read().map(Instant::toString))
                .put("problems", all(report.problems(), Wire::problem))
                .build();
    }

    private static Json.Fields left(LeftCopies left) {
        return Json.object()
                .put("provider", left.provider())
                .put("owner", left.owner())
                .put("region", left.region())
                .put("used", left.used())
                .put("leaving", left.leaving())
                .put("bytes", left.bytes())
                .build();
    }

    private static LeftCopies left(Json.Fields json) {
        return new LeftCopies(
                json.text("provider"),
                json.text("owner"),
                json.text("region"),
                json.whole("used"),
                json.whole("leaving"),
                json.whole("bytes"));
    }

    public static Json.Fields regions(RegionReport report) {
        return Json.object()
                .put("region", report.region())
                .put("entry", report.entry())
                .put("since", report.since().toString())
                .put("device", report.device())
                .put("regions", all(report.regions(), Wire::choice))
                .put("standing", all(report.standing(), Wire::standing))
                .put("former", Json.texts(report.former()))
                .put("left", all(report.left(), Wire::left))
                .put("online", report.online())
                .put("read", report.read().map(Instant::toString))
                .put("problems", all(report.problems(), Wire::problem))
                .build();
    }

    static RegionReport regions(Json.Fields json) {
        return new RegionReport(
                json.text("region"),
                json.whole("entry"),
                time(json.text("since")),
                json.text("device"),
                all(json, "regions", Wire::choice),
                all(json, "standing", Wire::standing),
                json.texts("former"),
                all(json, "left", Wire::left),
                json.flag("online"),
                findTime(json, "read"),
                all(json, "problems", Wire::problem));
    }

    private static Json.Fields standing(Device.ProviderStanding provider) {
        return Json.object()
                .put("id", provider.id())
                .put("owner", provider.owner())
                .put("region", provider.region())
                .put("state", provider.state())
                .put("share", provider.share())
                .put("reason", provider.reason())
                .put("since", provider.since().toString())
                .put("passed", provider.passed())
                .put("report", provider.report())
                .build();
    }

    private static Device.ProviderStanding standing(Json.Fields json) {
        return new Device.ProviderStanding(
                json.text("id"),
                json.text("owner"),
                json.text("region"),
                json.text("state"),
                (int) json.whole("share"),
                json.text("reason"),
                time(json.text("since")),
                json.flag("passed"),
                json.findText("report"));
    }

    /// `copies` is 0 where the operator has not stated it.
    private static Json.Fields choice(RegionChoice choice) {
        return Json.object()
                .put("id", choice.id())
                .put("name", choice.name())
                .put("jurisdiction", choice.jurisdiction())
                .put("providers", choice.providers())
                .put("owners", choice.owners())
                .put("copies", choice.copies().orElse(0))
                .build();
    }

    private static RegionChoice choice(Json.Fields json) {
        int copies = (int) json.whole("copies");
        return new RegionChoice(
                json.text("id"),
                json.text("name"),
                json.text("jurisdiction"),
                json.whole("providers"),
                json.whole("owners"),
                copies == 0 ? Optional.empty() : Optional.of(copies));
    }

    public static Json.Fields recovery(Device.RecoveryCheck check) {
        return Json.object()
                .put("places", check.places().stream().map(place -> new Json.Whole(place)).toList())
                .put("checked", check.checked().map(Instant::toString))
                .put("due", check.due())
                .build();
    }

    static Device.RecoveryCheck recovery(Json.Fields json) {
        List<Integer> places = new ArrayList<>();
        if (json.find("places").orElse(null) instanceof Json.Items items) {
            for (Json place : items.values()) {
                if (!(place instanceof Json.Whole(long value))) {
                    throw new Json.JsonException("a place is no number");
                }
                places.add(Math.toIntExact(value));
            }
        }
        return new Device.RecoveryCheck(places, findTime(json, "checked"), json.flag("due"));
    }

    private static Optional<Instant> findTime(Json.Fields json, String name) {
        Optional<String> text = json.findText(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(time(text.get()));
    }

    static WhereReport where(Json.Fields json) {
        return new WhereReport(
                json.text("path"),
                json.text("region"),
                json.whole("packs"),
                json.whole("bytes"),
                json.whole("without"),
                all(json, "places", Wire::place),
                json.texts("former"),
                all(json, "left", Wire::left),
                json.flag("online"),
                findTime(json, "read"),
                all(json, "problems", Wire::problem));
    }

    private static Json.Fields place(CopyPlace place) {
        return Json.object()
                .put("provider", place.provider())
                .put("owner", place.owner())
                .put("region", place.region())
                .put("state", place.state())
                .put("origin", place.origin())
                .put("copies", place.copies())
                .put("bytes", place.bytes())
                .put("proven", place.proven())
                .put("since", place.since().map(Instant::toString))
                .build();
    }

    private static CopyPlace place(Json.Fields json) {
        return new CopyPlace(
                json.text("provider"),
                json.text("owner"),
                json.text("region"),
                json.text("state"),
                json.text("origin"),
                json.whole("copies"),
                json.whole("bytes"),
                json.whole("proven"),
                findTime(json, "since"));
    }

    public static Json.Fields logReport(LogReport report) {
        return Json.object()
                .put("key", report.key())
                .put("size", report.size())
                .put("root", report.root())
                .put("tiles", report.tiles())
                .put("regions", report.regions())
                .put("providers", report.providers())
                .put("heads", report.heads())
                .put("ownHeads", report.ownHeads())
                .put("problems", all(report.problems(), Wire::problem))
                .build();
    }

    static LogReport logReport(Json.Fields json) {
        return new LogReport(
                json.text("key"),
                json.whole("size"),
                json.text("root"),
                json.whole("tiles"),
                json.whole("regions"),
                json.whole("providers"),
                json.whole("heads"),
                json.whole("ownHeads"),
                all(json, "problems", Wire::problem));
    }

    public static Json.Fields logStatement(LogStatement statement) {
        return Json.object()
                .put("index", statement.index())
                .put("kind", statement.kind())
                .put("time", statement.time().map(Instant::toString))
                .put("about", statement.about())
                .put("words", statement.words())
                .put("own", statement.own())
                .build();
    }

    static LogStatement logStatement(Json.Fields json) {
        Optional<String> time = json.findText("time");
        return new LogStatement(
                json.whole("index"),
                json.text("kind"),
                time.isEmpty() ? Optional.empty() : Optional.of(time(time.get())),
                json.text("about"),
                json.text("words"),
                json.flagOrNo("own"));
    }

    public static Json.Fields collect(CollectReport report) {
        return Json.object()
                .put("packsReleased", report.packsReleased())
                .put("bytesReleased", report.bytesReleased())
                .put("packsKept", report.packsKept())
                .build();
    }

    static CollectReport collect(Json.Fields json) {
        return new CollectReport(
                json.whole("packsReleased"), json.whole("bytesReleased"), json.whole("packsKept"));
    }

    public static Json.Fields invitation(Invitation invitation) {
        return Json.object()
                .put("code", invitation.code())
                .put("expires", invitation.expires().toString())
                .build();
    }

    static Invitation invitation(Json.Fields json) {
        return new Invitation(json.text("code"), time(json.text("expires")));
    }

    public static Json.Fields join(JoinRequest request) {
        return Json.object()
                .put("name", request.name())
                .put("deviceId", request.deviceId())
                .build();
    }

    static JoinRequest join(Json.Fields json) {
        return new JoinRequest(json.text("name"), json.text("deviceId"));
    }

    static Json keep(Keep keep) {
        return switch (keep) {
            case Keep.All _ -> new Json.Text("all");
            case Keep.None _ -> new Json.Text("none");
            case Keep.AllBut(List<String> names) -> Json.texts(names);
        };
    }

    static Keep keep(Json.Fields json) {
        if (json.find("keep").orElse(new Json.Null()) instanceof Json.Items) {
            return new Keep.AllBut(json.texts("keep"));
        }
        return switch (json.text("keep")) {
            case "all" -> new Keep.All();
            case "none" -> new Keep.None();
            default -> throw new Json.JsonException("keep is neither all, none nor a list");
        };
    }

    /// What a person or a program sees of an error.
    public static Json.Fields problem(CofferException error) {
        Json.Builder details = Json.object();
        error.details().entrySet().stream()
                .filter(detail -> !detail.getKey().equals(CofferException.ADVICE))
                .sorted(Map.Entry.comparingByKey())
                .forEach(detail -> details.put(detail.getKey(), detail.getValue()));
        return Json.object()
                .put("code", error.code().name())
                .put("message", String.valueOf(error.getMessage()))
                .put(CofferException.ADVICE, error.advice())
                .put("details", details.build())
                .build();
    }

    static CofferException error(Json.Fields json) {
        Map<String, String> details = new LinkedHashMap<>();
        for (Map.Entry<String, Json> detail : json.fields("details").values().entrySet()) {
            if (detail.getValue() instanceof Json.Text text) {
                details.put(detail.getKey(), text.value());
            }
        }
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(json.text("code"))) {
                if (!json.text(CofferException.ADVICE).equals(code.advice())) {
                    details.put(CofferException.ADVICE, json.text(CofferException.ADVICE));
                }
                return new CofferException(code, json.text("message"), details);
            }
        }
        details.put(CofferException.ADVICE, json.text(CofferException.ADVICE));
        details.put("code", json.text("code"));
        return new CofferException(ErrorCode.PROTOCOL, json.text("message"), details);
    }

    static <T> List<Json.Fields> all(List<T> values, Function<T, Json.Fields> each) {
        List<Json.Fields> list = new ArrayList<>(values.size());
        for (T value : values) {
            list.add(each.apply(value));
        }
        return list;
    }

    static <T> List<T> all(Json.Fields json, String name, Function<Json.Fields, T> each) {
        List<T> list = new ArrayList<>();
        for (Json.Fields item : json.list(name)) {
            list.add(each.apply(item));
        }
        return list;
    }

    private static NodeKind kind(String name) {
        for (NodeKind kind : NodeKind.values()) {
            if (kind.name().equalsIgnoreCase(name)) {
                return kind;
            }
        }
        throw new Json.JsonException("an unknown kind of node");
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (java.time.format.DateTimeParseException e) {
            throw new Json.JsonException("not a time");
        }
    }
}
