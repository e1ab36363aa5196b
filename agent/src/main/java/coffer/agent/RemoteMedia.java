package coffer.agent;

import coffer.core.CofferException;
import coffer.device.Device.Problem;
import coffer.device.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The mail and pictures of the device behind an agent. Answers are given as the agent gives them: docs/cli.md names their
/// fields.
public final class RemoteMedia {

    private final AgentClient agent;

    public RemoteMedia(AgentClient agent) {
        this.agent = agent;
    }

    /// @param quoting `rd`, `o` or `none`
    public Json.Fields mailImport(List<Path> sources, String path, String quoting, Progress progress) throws CofferException {
        List<String> absolute =
                sources.stream().map(source -> source.toAbsolutePath().toString()).toList();
        Json.Fields arguments = Json.object()
                .put("sources", Json.texts(absolute))
                .put("path", path)
                .put("quoting", quoting)
                .build();
        return agent.call("mail-import", arguments, progress, _ -> {});
    }

    /// @param format `mbox`, `maildir` or `eml`
    public Json.Fields mailExport(String path, Path directory, String format, Progress progress) throws CofferException {
        Json.Fields arguments = Json.object()
                .put("path", path)
                .put("directory", directory.toAbsolutePath().toString())
                .put("format", format)
                .build();
        return agent.call("mail-export", arguments, progress, _ -> {});
    }

    public void mailList(String path, Consumer<Json.Fields> each) throws CofferException {
        agent.call("mail-list", Json.object().put("path", path).build(), Progress.SILENT, each);
    }

    public Json.Fields mailRead(String path) throws CofferException {
        return agent.call("mail-read", Json.object().put("path", path).build());
    }

    public Json.Fields picturesImport(List<Path> sources, String path, Progress progress) throws CofferException {
        List<String> absolute =
                sources.stream().map(source -> source.toAbsolutePath().toString()).toList();
        Json.Fields arguments =
                Json.object().put("sources", Json.texts(absolute)).put("path", path).build();
        return agent.call("pictures-import", arguments, progress, _ -> {});
    }

    /// @param again also what no decoder could read before
    public Json.Fields picturesScan(boolean again, Progress progress) throws CofferException {
        return agent.call("pictures-scan", Json.object().put("again", again).build(), progress, _ -> {});
    }

    public void picturesList(String path, Consumer<Json.Fields> each) throws CofferException {
        agent.call("pictures-list", Json.object().put("path", path).build(), Progress.SILENT, each);
    }

    public void picturesDuplicates(Consumer<Json.Fields> each) throws CofferException {
        agent.call("pictures-duplicates", Json.object().build(), Progress.SILENT, each);
    }

    public void rebuild(Progress progress) throws CofferException {
        agent.call("media-rebuild", Json.object().build(), progress, _ -> {});
    }

    public static List<Problem> problems(Json.Fields report) {
        return Wire.all(report, "problems", Wire::problem);
    }
}
