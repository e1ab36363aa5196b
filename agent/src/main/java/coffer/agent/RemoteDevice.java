package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.Progress;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The device behind an agent, as if it were here.
public final class RemoteDevice implements Device {

    private static final Json.Fields NOTHING = Json.object().build();

    private final AgentClient agent;

    public RemoteDevice(AgentClient agent) {
        this.agent = agent;
    }

    @Override
    public Status status() throws CofferException {
        return ask("status", NOTHING, Wire::status);
    }

    @Override
    public PutReport put(List<Path> sources, String destination, Progress progress) throws CofferException {
        List<String> absolute = new ArrayList<>();
        for (Path source : sources) {
            absolute.add(local(source));
        }
        Json.Fields arguments = Json.object()
                .put("sources", Json.texts(absolute))
                .put("destination", destination)
                .build();
        return ask("put", arguments, progress, Wire::put);
    }

    @Override
    public GetReport get(String path, Path directory, boolean overwrite, Progress progress) throws CofferException {
        Json.Fields arguments = Json.object()
                .put("path", path)
                .put("directory", local(directory))
                .put("overwrite", overwrite)
                .build();
        return ask("get", arguments, progress, Wire::get);
    }

    @Override
    public void read(String path, Piece piece, OutputStream out) throws CofferException {
        agent.content(path, piece, out);
    }

    @Override
    public NodeInfo node(String path) throws CofferException {
        return ask("node", path(path), Wire::node);
    }

    @Override
    public List<NodeInfo> search(String words, int max) throws CofferException {
        return ask(
                "search", Json.object().put("words", words).put("max", max).build(), json -> Wire.all(json, "items", Wire::node));
    }

    @Override
    public void list(String path, boolean recursive, Consumer<NodeInfo> each) throws CofferException {
        Json.Fields arguments =
                Json.object().put("path", path).put("recursive", recursive).build();
        agent.call("list", arguments, Progress.SILENT, item -> each.accept(Wire.node(item)));
    }

    @Override
    public void makeFolder(String path, boolean parents) throws CofferException {
        agent.call("make-folder", Json.object().put("path", path).put("parents", parents).build());
    }

    @Override
    public void move(String from, String to) throws CofferException {
        agent.call("move", Json.object().put("from", from).put("to", to).build());
    }

    @Override
    public void remove(String path) throws CofferException {
        agent.call("remove", path(path));
    }

    @Override
    public List<Version> history(String path) throws CofferException {
        return ask("history", path(path), json -> Wire.all(json, "items", Wire::version));
    }

    @Override
    public void restoreVersion(String path, long version) throws CofferException {
        agent.call("restore-version", Json.object().put("path", path).put("version", version).build());
    }

    @Override
    public List<TrashItem> trash() throws CofferException {
        return ask("trash", NOTHING, json -> Wire.all(json, "items", Wire::trash));
    }

    @Override
    public String restoreTrashed(String nodeId) throws CofferException {
        return ask("restore-trashed", Json.object().put("node", nodeId).build(), json -> json.text("path"));
    }

    @Override
    public long emptyTrash(Optional<String> nodeId) throws CofferException {
        return ask("empty-trash", Json.object().put("node", nodeId).build(), json -> json.whole("count"));
    }

    @Override
    public RewindPoint rewindPoint(RewindTo to) throws CofferException {
        return ask("rewind-point", Wire.rewindTo(to), Wire::rewindPoint);
    }

    @Override
    public RewindReport rewind(
            String path, RewindPoint point, boolean dryRun, Consumer<SyncStep> each, Progress progress) throws CofferException {
        Json.Fields arguments = Json.object()
                .put("path", path)
                .put("point", Wire.rewindPoint(point))
                .put("dryRun", dryRun)
                .build();
        return answer(
                agent.call("rewind", arguments, progress, item -> each.accept(Wire.step(item))), Wire::rewind);
    }

    @Override
    public VerifyReport verify(boolean full, Progress progress) throws CofferException {
        return ask("verify", Json.object().put("full", full).build(), progress, Wire::verify);
    }

    @Override
    public List<KeyHolder> who() throws CofferException {
        return ask("who", NOTHING, json -> Wire.all(json, "items", Wire::holder));
    }

    @Override
    public GetReport export(Path directory, Progress progress) throws CofferException {
        return ask("export", directory(directory), progress, Wire::get);
    }

    @Override
    public int saveLogs(Path directory) throws CofferException {
        return ask("save-logs", directory(directory), json -> (int) json.whole("count"));
    }

    @Override
    public WhereReport where(String path, Progress progress) throws CofferException {
        return ask("where", Json.object().put("path", path).build(), progress, Wire::where);
    }

    @Override
    public RegionReport regions() throws CofferException {
        return ask("regions", NOTHING, Wire::regions);
    }

    @Override
    public boolean chooseRegion(String region) throws CofferException {
        return ask("choose-region", Json.object().put("region", region).build(), json -> json.flag("changed"));
    }

    @Override
    public long seen() throws CofferException {
        return ask("seen", NOTHING, json -> json.whole("count"));
    }

    @Override
    public LogReport auditLog(Progress progress) throws CofferException {
        return ask("audit-log", NOTHING, progress, Wire::logReport);
    }

    @Override
    public List<LogStatement> logStatements() throws CofferException {
        return ask("log-statements", NOTHING, json -> Wire.all(json, "items", Wire::logStatement));
    }

    @Override
    public CollectReport collect(Progress progress) throws CofferException {
        return ask("collect", NOTHING, progress, Wire::collect);
    }

    @Override
    public long snapshot(Progress progress) throws CofferException {
        return ask("snapshot", NOTHING, progress, json -> json.whole("count"));
    }

    @Override
    public Invitation invite() throws CofferException {
        return ask("invite", NOTHING, Wire::invitation);
    }

    @Override
    public Optional<JoinRequest> awaitJoinRequest(Progress progress) throws CofferException {
        return ask("await-join", NOTHING, progress, json -> json.find("request")
                .filter(Json.Fields.class::isInstance)
                .map(request -> Wire.join((Json.Fields) request)));
    }

    @Override
    public void approve(JoinRequest request) throws CofferException {
        agent.call("approve", Wire.join(request));
    }

    @Override
    public List<DeviceInfo> devices() throws CofferException {
        return ask("devices", NOTHING, json -> Wire.all(json, "items", Wire::device));
    }

    @Override
    public void removeDevice(String name) throws CofferException {
        agent.call("remove-device", Json.object().put("name", name).build());
    }

    @Override
    public SyncInfo sync(Path folder, String path) throws CofferException {
        Json.Fields arguments =
                Json.object().put("folder", local(folder)).put("path", path).build();
        return ask("sync", arguments, Wire::sync);
    }

    @Override
    public List<SyncInfo> syncs() throws CofferException {
        return ask("syncs", NOTHING, json -> Wire.all(json, "items", Wire::sync));
    }

    @Override
    public List<PeerAgreement> peerAgreements() throws CofferException {
        return ask("peer-agreements", NOTHING, json -> Wire.all(json, "items", Wire::peerAgreement));
    }

    @Override
    public void pauseSync(Path folder, boolean paused) throws CofferException {
        agent.call("pause-sync", Json.object().put("folder", local(folder)).put("paused", paused).build());
    }

    @Override
    public boolean approveSync(Path folder) throws CofferException {
        return ask("approve-sync", folder(folder), json -> json.flag("approved"));
    }

    @Override
    public List<SyncStep> previewSync(Path folder) throws CofferException {
        return ask("preview-sync", folder(folder), json -> Wire.all(json, "items", Wire::step));
    }

    @Override
    public SyncInfo chooseSync(Path folder, List<String> without, List<String> with, Progress progress) throws CofferException {
        Json.Fields arguments = Json.object()
                .put("folder", local(folder))
                .put("without", Json.texts(without))
                .put("with", Json.texts(with))
                .build();
        return ask("choose-sync", arguments, progress, Wire::sync);
    }

    @Override
    public void removeSync(Path folder) throws CofferException {
        agent.call("remove-sync", folder(folder));
    }

    @Override
    public Limits limits() throws CofferException {
        return ask("limits", NOTHING, Wire::limits);
    }

    @Override
    public void limit(Limits limits) throws CofferException {
        agent.call("limit", Wire.limits(limits));
    }

    @Override
    public RecoveryCheck recovery() throws CofferException {
        return ask("recovery", NOTHING, Wire::recovery);
    }

    @Override
    public RecoveryCheck checkRecovery(String words) throws CofferException {
        return ask("check-recovery", Json.object().put("words", words).build(), Wire::recovery);
    }

    @Override
    public List<ConflictInfo> conflicts() throws CofferException {
        return ask("conflicts", NOTHING, json -> Wire.all(json, "items", Wire::conflict));
    }

    @Override
    public long refresh() throws CofferException {
        return ask("refresh", NOTHING, json -> json.whole("count"));
    }

    /// The agent goes on.
    @Override
    public void close() {}

    private <T> T ask(String operation, Json.Fields arguments, Function<Json.Fields, T> answer) throws CofferException {
        return ask(operation, arguments, Progress.SILENT, answer);
    }

    private <T> T ask(String operation, Json.Fields arguments, Progress progress, Function<Json.Fields, T> answer)
            throws CofferException {
        return answer(agent.call(operation, arguments, progress, _ -> {}), answer);
    }

    private static <T> T answer(Json.Fields result, Function<Json.Fields, T> answer) throws CofferException {
        try {
            return answer.apply(result);
        } catch (Json.JsonException e) {
            throw new CofferException(ErrorCode.PROTOCOL, "The agent's answer cannot be understood.", e);
        }
    }

    private static Json.Fields path(String path) {
        return Json.object().put("path", path).build();
    }

    private static Json.Fields folder(Path folder) {
        return Json.object().put("folder", local(folder)).build();
    }

    private static Json.Fields directory(Path directory) {
        return Json.object().put("directory", local(directory)).build();
    }

    private static String local(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }
}
