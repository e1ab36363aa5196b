package coffer.device;

import coffer.core.CofferException;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Stamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The `.cofferignore` files of a synced folder: each speaks of what is below its own folder, and the deepest that says
/// anything decides. What is in an ignored folder is ignored whatever is said of it.
///
/// What is synced already, or came from the vault, goes on being synced: a new rule removes nothing anywhere, and neither
/// does another name.
///
/// Each file is read again when it has changed; to see that takes one look at it. Safe for all threads.
final class IgnoreFiles {

    private record Read(Stamp stamp, IgnoreRules rules) {}

    /// Whether an item is synced already: the one in that place, or that very file in any other.
    @FunctionalInterface
    interface Synced {
        boolean test(LocalPath path, long fileId) throws CofferException;
    }

    private final Path top;
    private final Synced synced;
    private final Set<LocalPath> arrived = ConcurrentHashMap.newKeySet();
    private final Map<List<String>, Read> known = new ConcurrentHashMap<>();

    IgnoreFiles(Path top, Synced synced) {
        this.top = top;
        this.synced = synced;
    }

    /// Says that an item came from the vault, which may be remembered only later.
    void arrived(LocalPath path) throws CofferException {
        if (path.isTop()) {
            return;
        }
        try {
            Chain chain = chain(path.parent().names());
            if (chain.ignores(path.last(), false) || chain.ignores(path.last(), true)) {
                arrived.add(path);
            }
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    boolean ignores(Chain chain, String name, boolean isFolder, long fileId) throws CofferException {
        if (!chain.ignores(name, isFolder)) {
            return false;
        }
        LocalPath path = new LocalPath(chain.folder()).child(name);
        return !hasArrived(path) && !synced.test(path, fileId);
    }

    /// Whether the item, or a folder that it is in, came from the vault.
    private boolean hasArrived(LocalPath path) {
        for (LocalPath at = path; !at.isTop(); at = at.parent()) {
            if (arrived.contains(at)) {
                return true;
            }
        }
        return false;
    }

    /// Rules for what is in one folder, as they are now.
    Chain chain(List<String> folder) throws IOException {
        List<IgnoreRules> rules = new ArrayList<>();
        Chain chain = new Chain(List.of(), List.of(), false);
        OpenFolder open = OpenFolder.open(top, List.of());
        try {
            for (int depth = 0; depth <= folder.size(); depth++) {
                List<String> at = folder.subList(0, depth);
                if (depth > 0) {
                    String name = folder.get(depth - 1);
                    if (chain.ignores(name, true)) {
                        return new Chain(List.copyOf(folder), List.of(), true);
                    }
                    OpenFolder above = open;
                    open = above == null ? null : above.enter(name);
                    close(above);
                }
                rules.add(rules(at, open));
                chain = new Chain(List.copyOf(at), List.copyOf(rules), false);
            }
            return chain;
        } finally {
            close(open);
        }
    }

    private static void close(@Nullable OpenFolder folder) {
        if (folder != null) {
            folder.close();
        }
    }

    /// What to go by in one folder.
    ///
    /// @param rules of every folder from the top to this one
    /// @param all   whether the folder itself is ignored
    record Chain(List<String> folder, List<IgnoreRules> rules, boolean all) {

        boolean ignores(String name, boolean isFolder) {
            if (all) {
                return true;
            }
            for (int depth = folder.size(); depth >= 0; depth--) {
                if (!rules.get(depth).patterns().isEmpty()) {
                    List<String> names = new ArrayList<>(folder.subList(depth, folder.size()));
                    names.add(name);
                    Boolean decided = rules.get(depth).decide(names, isFolder);
                    if (decided != null) {
                        return decided;
                    }
                }
            }
            return false;
        }
    }

    private IgnoreRules rules(List<String> folder, @Nullable OpenFolder open) throws IOException {
        DiskStat stat = open == null ? null : open.stat(IgnoreRules.FILE);
        if (open == null || stat == null || stat.stat().kind() != LocalStat.Kind.FILE) {
            known.remove(folder);
            return IgnoreRules.NONE;
        }
        Read read = known.get(folder);
        if (read == null || !read.stamp.equals(stat.stamp())) {
            read = new Read(stat.stamp(), read(open.child(IgnoreRules.FILE)));
            known.put(List.copyOf(folder), read);
        }
        return read.rules;
    }

    private static IgnoreRules read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(IgnoreRules.BYTES_MAX + 1);
            return bytes.length > IgnoreRules.BYTES_MAX
                    ? IgnoreRules.NONE
                    : IgnoreRules.parse(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
