package coffer.device;

import coffer.core.NodeId;
import java.sql.SQLException;
import java.time.Duration;

/// What local files looked like when their state went into the vault, kept with the node that took it.
///
/// A file that still has the same inode, size, modification and change time, and whose node has not been changed since,
/// is not read again. The change time cannot be set by anyone; a file that changed within [#SETTLED] of being
/// read could change again without it moving, so it is not remembered and is read again next time.
final class StatCache {

    static final Duration SETTLED = Duration.ofSeconds(2);

    private StatCache() {}

    static boolean isSettled(LocalStat stat, long readAtMs) {
        long newest = Math.max(stat.mtimeNs(), stat.ctimeNs()) / 1_000_000;
        return newest < readAtMs - SETTLED.toMillis();
    }

    /// Rows for [#remember].
    static Tx.Batch rows(Tx tx) throws SQLException {
        return tx.batch("INSERT OR REPLACE INTO stat SELECT num, seq, ?, ?, ?, ? FROM node WHERE id = ? AND vault = ?");
    }

    static void remember(Tx.Batch rows, Vaults.Ref vault, NodeId node, LocalStat stat) throws SQLException {
        rows.add(stat.inode(), stat.size(), stat.mtimeNs(), stat.ctimeNs(), node.toArray(), vault.num());
    }
}
