package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Head;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.Statement;
import coffer.core.tlog.TileId;
import coffer.device.Device.LogReport;
import coffer.device.Device.Problem;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Replays a service's whole transparency log as it is served, trusting nothing but its key: the checkpoint's signature, every
/// entry and every tile against the root, every statement, and the rules for which may follow which.
///
/// What does not hold ends it with a [CofferException]; what is merely missing of the own account is a problem in the report.
public final class LogAudit {

    private final LogReader reader;
    private final Progress progress;
    private final Map<Hash, Hash> heads = new HashMap<>();
    private ProviderDirectory directory = ProviderDirectory.EMPTY;
    private final List<Hash> leaves = new ArrayList<>();
    private Hash root = MerkleTree.EMPTY_ROOT;

    private LogAudit(LogTiles tiles, Progress progress) {
        this.reader = new LogReader(tiles);
        this.progress = progress;
    }

    /// Audits the log of any service, without a device or an account.
    ///
    /// @param key of the log, as its operator publishes it
    public static LogReport run(URI service, String key, Progress progress) throws CofferException {
        NoteVerifier verifier;
        try {
            verifier = NoteVerifier.parse(key);
        } catch (CborException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "This is not the key of a transparency log.",
                    "It has the form name+id+key; the operator publishes it, and `coffer log audit` on a device shows it.",
                    e);
        }
        try (HttpService api = new HttpService(service, ServiceTrust.PLATFORM, null)) {
            return new LogAudit(api, progress).run(verifier).report(verifier, 0, List.of());
        } catch (CofferException e) {
            throw e.code() == ErrorCode.KEY_CHANGED ? otherKey(e) : e;
        }
    }

    private static CofferException otherKey(CofferException cause) {
        return CofferException.withAdvice(
                ErrorCode.KEY_CHANGED,
                "The log at this address is not signed by the key that was given.",
                "Check address and key with the operator; if both are right, the service serves another log than it should.",
                cause);
    }

    /// Audits the log of a device's own service.
    ///
    /// @param kept what the device has verified
    /// @param own  heads of its account's log, from the first entry to the last
    static LogReport run(LogTiles tiles, LogWatchStore.Kept kept, LogId account, List<Head> own, Progress progress)
            throws CofferException {
        LogAudit audit = new LogAudit(tiles, progress).run(kept.key());
        audit.requireThrough(kept.frontier());
        List<Problem> problems = new ArrayList<>();
        long found = audit.compareOwn(account, own, problems);
        return audit.report(kept.key(), found, problems);
    }

    private LogAudit run(NoteVerifier key) throws CofferException {
        Checkpoint checkpoint = reader.checkpoint(key);
        Frontier frontier = Frontier.EMPTY;
        for (long index = 0; index * TileId.WIDTH < checkpoint.size(); index++) {
            progress.update("reading the log", frontier.size(), checkpoint.size(), Progress.Unit.ENTRIES);
            TileId tile = TileId.at(TileId.Kind.ENTRIES, 0, index, checkpoint.size());
            for (byte[] entry : reader.bundle(tile)) {
                Hash leaf = MerkleTree.leaf(entry);
                leaves.add(leaf);
                frontier = frontier.with(leaf);
                fold(LogReader.statement(entry));
            }
        }
        if (!frontier.root().equals(checkpoint.root())) {
            throw LogAlarm.damaged();
        }
        requireTiles(checkpoint.size());
        root = checkpoint.root();
        return this;
    }

    private void fold(Statement statement) throws CofferException {
        directory = LogReader.fold(directory, statement);
        if (statement instanceof Statement.AccountHead head && heads.put(head.place(), head.head()) != null) {
            throw LogAlarm.illegal(null);
        }
    }

    /// Every tile says what the entries say.
    private void requireTiles(long size) throws CofferException {
        List<Hash> level = leaves;
        for (TileId tile : TileId.allHashes(size)) {
            if (tile.level() > 0 && tile.index() == 0) {
                level = above(level);
            }
            int from = (int) tile.index() * TileId.WIDTH;
            if (!reader.hashes(tile).equals(level.subList(from, from + tile.width()))) {
                throw LogAlarm.damaged();
            }
        }
    }

    /// The hashes of all full tiles of a level.
    private static List<Hash> above(List<Hash> level) {
        List<Hash> above = new ArrayList<>();
        for (int from = 0; from + TileId.WIDTH <= level.size(); from += TileId.WIDTH) {
            Frontier tile = Frontier.EMPTY;
            for (Hash hash : level.subList(from, from + TileId.WIDTH)) {
                tile = tile.with(hash);
            }
            above.add(tile.root());
        }
        return above;
    }

    private void requireThrough(Frontier kept) throws CofferException {
        if (leaves.size() < kept.size()) {
            throw LogAlarm.of(ErrorCode.ROLLBACK);
        }
        Frontier frontier = Frontier.EMPTY;
        for (Hash leaf : leaves.subList(0, (int) kept.size())) {
            frontier = frontier.with(leaf);
        }
        if (!frontier.root().equals(kept.root())) {
            throw LogAlarm.of(ErrorCode.FORK);
        }
    }

    private long compareOwn(LogId account, List<Head> own, List<Problem> problems) throws CofferException {
        long found = 0;
        for (Head head : own) {
            Statement.AccountHead right = Statement.AccountHead.of(account, head);
            Hash listed = heads.get(right.place());
            if (listed == null) {
                problems.add(new Problem(
                        "entry " + head.sequence() + " of the account's log",
                        ErrorCode.ROLLBACK.name(),
                        "It does not stand in the transparency log yet. Run this again in a minute; if it stays so, ask the operator."));
            } else if (!listed.equals(right.head())) {
                throw LogAlarm.of(ErrorCode.FORK);
            } else {
                found++;
            }
        }
        if (heads.containsKey(Statement.AccountHead.place(account, own.size()))) {
            problems.add(new Problem(
                    "the account's log",
                    ErrorCode.ROLLBACK.name(),
                    "The transparency log has an entry of it that the service does not serve to this device."));
        }
        return found;
    }

    private LogReport report(NoteVerifier key, long ownHeads, List<Problem> problems) {
        return new LogReport(
                key.text(),
                leaves.size(),
                root.hex(),
                TileId.allHashes(leaves.size()).size(),
                directory.regions().size(),
                directory.providers().size(),
                heads.size(),
                ownHeads,
                problems);
    }
}
