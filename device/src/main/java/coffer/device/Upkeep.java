package coffer.device;

import coffer.core.CofferException;
import coffer.core.Limits;
import coffer.core.PackId;
import coffer.seal.CommitBody;
import coffer.seal.Operation;
import coffer.seal.PackAdded;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The commits of upkeep: packs written anew, packs released, nodes purged.
final class Upkeep {

    /// Estimated bytes of a body that is committed at once; an entry holds 1 MiB.
    private static final long BODY_BYTES_MAX = 720 << 10;

    /// Packs released by one entry: 34 bytes each in a header of at most 512 KiB.
    static final int RELEASED_MAX = Limits.PACKS_PER_ENTRY_MAX;

    private final Replica replica;
    private final VaultAccess vault;

    Upkeep(Replica replica, VaultAccess vault) {
        this.replica = replica;
        this.vault = vault;
    }

    /// Commits packs that are stored, in as many entries as they need; [Restart] if their epoch has ended.
    void addPacks(List<PackAdded> packs, long epoch) throws CofferException {
        List<PackAdded> batch = new ArrayList<>();
        long bytes = 0;
        for (PackAdded pack : packs) {
            long size = PackWriter.bodyBytes(pack);
            if (!batch.isEmpty() && bytes + size > BODY_BYTES_MAX) {
                append(batch, epoch);
                batch.clear();
                bytes = 0;
            }
            batch.add(pack);
            bytes += size;
        }
        if (!batch.isEmpty()) {
            append(batch, epoch);
        }
    }

    private void append(List<PackAdded> packs, long epoch) throws CofferException {
        CommitBody body = new CommitBody(List.of(), packs, List.of());
        vault.commit(() -> {
            if (vault.epoch() != epoch) {
                throw new Restart();
            }
            return new VaultAccess.Plan(body, List.of());
        });
    }

    /// What was decided from the state after entry `sequence`, and holds for no other.
    ///
    /// @param purged operations that purge
    record Decision(long sequence, List<PackId> released, List<Operation> purged) {
        Decision {
            released = List.copyOf(released);
            purged = List.copyOf(purged);
        }

        boolean isEmpty() {
            return released.isEmpty() && purged.isEmpty();
        }
    }

    /// Decides from a state; called again when the state has changed.
    @FunctionalInterface
    interface Decider {
        Decision decide(Tx tx, Vaults.Ref vault) throws CofferException, SQLException;
    }

    /// Commits what `decider` says of the newest state; returns what was committed. What does not fit one entry is left
    /// for the next call.
    Decision commit(Decider decider) throws CofferException {
        Decision[] last = {replica.read(vault.id(), decider::decide)};
        if (last[0].isEmpty()) {
            return last[0];
        }
        Decision[] committed = {new Decision(-1, List.of(), List.of())};
        vault.commit(() -> {
            long newest = replica.read(vault.id(), Upkeep::newestSequence);
            if (newest != last[0].sequence) {
                last[0] = replica.read(vault.id(), decider::decide);
            }
            Decision fits = fitting(last[0]);
            committed[0] = fits;
            return fits.isEmpty() ? null : plan(fits);
        });
        return committed[0];
    }

    private static Decision fitting(Decision decision) {
        return new Decision(
                decision.sequence,
                decision.released.subList(0, Math.min(RELEASED_MAX, decision.released.size())),
                decision.purged.subList(0, Math.min((int) (BODY_BYTES_MAX / 24), decision.purged.size())));
    }

    private static VaultAccess.Plan plan(Decision decision) {
        return new VaultAccess.Plan(new CommitBody(decision.purged, List.of(), List.of()), decision.released);
    }

    /// The newest entry that the replica has applied.
    static long newestSequence(Tx tx, Vaults.Ref ref) throws SQLException {
        return tx.number(-1, "SELECT max(seq) FROM applied WHERE vault = ?", ref.num());
    }
}
