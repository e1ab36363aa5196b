package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.Progress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the local API can do, by name: each operation takes an object, says how far it is, and gives an object.
final class Operations {

    /// The caller of one operation.
    interface Call extends Progress {

        /// Gives one of many parts of the answer, before its end.
        void item(Json.Fields item);
    }

    interface Operation {
        Json.Fields run(Json.Fields arguments, Call call) throws CofferException;
    }

    /// An operation on the device that is there.
    private interface OnDevice {
        Json.Fields run(Device device, Json.Fields arguments, Call call) throws CofferException;
    }

    private static final Json.Fields DONE = Json.object().build();

    private final DeviceSlot slot;
    private final Map<String, Operation> all;

    Operations(DeviceSlot slot, Phones phones) {
        this.slot = slot;
        Map<String, Operation> operations = new HashMap<>(onDevice());
        MediaOperations.all().forEach((name, operation) ->
                operations.put(name, (arguments, call) -> operation.run(slot.requireMedia(), arguments, call)));
        operations.putAll(PhoneOperations.all(phones, slot));
        this.all = Map.copyOf(operations);
    }

    private Map<String, Operation> onDevice() {
        return Map.ofEntries(
                Map.entry("create", this::create),
                Map.entry("join", this::join),
                Map.entry("recover", this::recover),
                Map.entry("unlock", this::unlock),
                Map.entry("passphrase", this::passphrase),
                on("status", (device, _, _) -> Wire.status(device.status())),
                on("put", Operations::put),
                on("get", Operations::get),
                on("list", Operations::list),
                on("node", (device, arguments, _) -> Wire.node(device.node(arguments.text("path")))),
                on("search", (device, arguments, _) -> items(Wire.all(
                        device.search(arguments.text("words"), Math.clamp(arguments.whole("max"), 0, 10_000)), Wire::node))),
                on("make-folder", Operations::makeFolder),
                on("move", Operations::move),
                on("remove", Operations::remove),
                on("history", Operations::history),
                on("restore-version", Operations::restoreVersion),
                on("trash", (device, _, _) -> items(Wire.all(device.trash(), Wire::trash))),
                on("restore-trashed", Operations::restoreTrashed),
                on("empty-trash", Operations::emptyTrash),
                on("rewind-point", (device, arguments, _) -> Wire.rewindPoint(device.rewindPoint(Wire.rewindTo(arguments)))),
                on("rewind", (device, arguments, call) -> Wire.rewind(device.rewind(
                        arguments.text("path"),
                        Wire.rewindPoint(arguments.fields("point")),
                        arguments.flag("dryRun"),
                        step -> call.item(Wire.step(step)),
                        call))),
                on("verify", (device, arguments, call) -> Wire.verify(device.verify(arguments.flagOrNo("full"), call))),
                on("who", (device, _, _) -> items(Wire.all(device.who(), Wire::holder))),
                on("export", (device, arguments, call) ->
                        Wire.get(device.export(local(arguments.text("directory")), call))),
                on("save-logs", (device, arguments, _) ->
                        count(device.saveLogs(local(arguments.text("directory"))))),
                on("where", (device, arguments, call) -> Wire.where(device.where(arguments.text("path"), call))),
                on("regions", (device, _, _) -> Wire.regions(device.regions())),
                on("choose-region", (device, arguments, _) -> Json.object()
                        .put("changed", device.chooseRegion(arguments.text("region")))
                        .build()),
                on("seen", (device, _, _) -> count(device.seen())),
                on("audit-log", (device, _, call) -> Wire.logReport(device.auditLog(call))),
                on("log-statements", (device, _, _) -> items(Wire.all(device.logStatements(), Wire::logStatement))),
                on("collect", (device, _, call) -> Wire.collect(device.collect(call))),
                on("snapshot", (device, _, call) -> count(device.snapshot(call))),
                on("invite", (device, _, _) -> Wire.invitation(device.invite())),
                on("await-join", Operations::awaitJoin),
                on("approve", Operations::approve),
                on("devices", (device, _, _) -> items(Wire.all(device.devices(), Wire::device))),
                on("remove-device", Operations::removeDevice),
                on("sync", (device, arguments, _) ->
                        Wire.sync(device.sync(local(arguments.text("folder")), arguments.text("path")))),
                on("syncs", (device, _, _) -> items(Wire.all(device.syncs(), Wire::sync))),
                on("peer-agreements", (device, _, _) -> items(Wire.all(device.peerAgreements(), Wire::peerAgreement))),
                on("pause-sync", Operations::pauseSync),
                on("approve-sync", (device, arguments, _) ->
                        Json.object().put("approved", device.approveSync(local(arguments.text("folder")))).build()),
                on("preview-sync", (device, arguments, _) ->
                        items(Wire.all(device.previewSync(local(arguments.text("folder"))), Wire::step))),
                on("choose-sync", (device, arguments, call) -> Wire.sync(device.chooseSync(
                        local(arguments.text("folder")), arguments.texts("without"), arguments.texts("with"), call))),
                on("remove-sync", Operations::removeSync),
                on("limits", (device, _, _) -> Wire.limits(device.limits())),
                on("limit", (device, arguments, _) -> {
                    device.limit(Wire.limits(arguments));
                    return DONE;
                }),
                on("recovery", (device, _, _) -> Wire.recovery(device.recovery())),
                on("check-recovery", (device, arguments, _) -> Wire.recovery(device.checkRecovery(arguments.text("words")))),
                on("conflicts", (device, _, _) -> items(Wire.all(device.conflicts(), Wire::conflict))),
                on("refresh", (device, _, _) -> count(device.refresh())));
    }

    Optional<Operation> find(String name) {
        return Optional.ofNullable(all.get(name));
    }

    private Map.Entry<String, Operation> on(String name, OnDevice operation) {
        return Map.entry(name, (arguments, call) -> operation.run(slot.require(), arguments, call));
    }

    private Json.Fields create(Json.Fields arguments, Call call) throws CofferException {
        URI service = service(arguments);
        String name = arguments.text("name");
        // Nothing may fail between the account's making and these words.
        DeviceSetup.Created created = slot.create((setup, home) -> setup.create(home, service, name));
        return Json.object().put("words", created.recoveryWords()).build();
    }

    private Json.Fields join(Json.Fields arguments, Call call) throws CofferException {
        URI service = service(arguments);
        String code = arguments.text("code");
        String name = arguments.text("name");
        slot.enter((setup, home) -> setup.join(home, service, code, name, call));
        return DONE;
    }

    private Json.Fields recover(Json.Fields arguments, Call call) throws CofferException {
        URI service = service(arguments);
        String words = arguments.text("words");
        String name = arguments.text("name");
        DeviceSetup.Keep keep = Wire.keep(arguments);
        slot.enter((setup, home) -> setup.recover(home, service, words, name, keep, call));
        return DONE;
    }

    private Json.Fields unlock(Json.Fields arguments, Call call) throws CofferException {
        slot.unlock(arguments.text("passphrase"));
        return DONE;
    }

    /// Changes it if `change` says so, and says whether there is one.
    private Json.Fields passphrase(Json.Fields arguments, Call call) throws CofferException {
        if (arguments.flagOrNo("change")) {
            slot.changePassphrase(arguments.findText("present"), arguments.findText("wanted"));
        }
        return Json.object().put("set", slot.hasPassphrase()).build();
    }

    private static Json.Fields put(Device device, Json.Fields arguments, Call call) throws CofferException {
        List<Path> sources = new ArrayList<>();
        for (String source : arguments.texts("sources")) {
            sources.add(local(source));
        }
        return Wire.put(device.put(sources, arguments.text("destination"), call));
    }

    private static Json.Fields get(Device device, Json.Fields arguments, Call call) throws CofferException {
        Path directory = local(arguments.text("directory"));
        return Wire.get(device.get(arguments.text("path"), directory, arguments.flagOrNo("overwrite"), call));
    }

    private static Json.Fields list(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.list(arguments.text("path"), arguments.flagOrNo("recursive"), node -> call.item(Wire.node(node)));
        return DONE;
    }

    private static Json.Fields makeFolder(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.makeFolder(arguments.text("path"), arguments.flagOrNo("parents"));
        return DONE;
    }

    private static Json.Fields move(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.move(arguments.text("from"), arguments.text("to"));
        return DONE;
    }

    private static Json.Fields remove(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.remove(arguments.text("path"));
        return DONE;
    }

    private static Json.Fields history(Device device, Json.Fields arguments, Call call) throws CofferException {
        return items(Wire.all(device.history(arguments.text("path")), Wire::version));
    }

    private static Json.Fields restoreVersion(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.restoreVersion(arguments.text("path"), arguments.whole("version"));
        return DONE;
    }

    private static Json.Fields restoreTrashed(Device device, Json.Fields arguments, Call call) throws CofferException {
        return Json.object()
                .put("path", device.restoreTrashed(arguments.text("node")))
                .build();
    }

    private static Json.Fields emptyTrash(Device device, Json.Fields arguments, Call call) throws CofferException {
        return count(device.emptyTrash(arguments.findText("node")));
    }

    private static Json.Fields awaitJoin(Device device, Json.Fields arguments, Call call) throws CofferException {
        Optional<Device.JoinRequest> request = device.awaitJoinRequest(call);
        return Json.object()
                .put("request", request.<Json>map(Wire::join).orElseGet(Json.Null::new))
                .build();
    }

    private static Json.Fields approve(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.approve(Wire.join(arguments));
        return DONE;
    }

    private static Json.Fields removeDevice(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.removeDevice(arguments.text("name"));
        return DONE;
    }

    private static Json.Fields pauseSync(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.pauseSync(local(arguments.text("folder")), arguments.flag("paused"));
        return DONE;
    }

    private static Json.Fields removeSync(Device device, Json.Fields arguments, Call call) throws CofferException {
        device.removeSync(local(arguments.text("folder")));
        return DONE;
    }

    private static Json.Fields items(List<Json.Fields> items) {
        return Json.object().put("items", items).build();
    }

    private static Json.Fields count(long count) {
        return Json.object().put("count", count).build();
    }

    private static URI service(Json.Fields arguments) {
        try {
            return URI.create(arguments.text("service"));
        } catch (IllegalArgumentException e) {
            throw new Json.JsonException("the service is not an address");
        }
    }

    /// A path on this machine, which the command has made absolute: the agent's own working folder means nothing.
    static Path local(String text) throws CofferException {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "A path cannot exist on this machine.",
                    "Nothing was changed. Check the name; some characters cannot stand in one here.",
                    e);
        }
        throw new Json.JsonException("a local path is not absolute");
    }
}
