package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Entry;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/// Notices entries in this device's name that it did not make: then a copy of its home is at work, or its home was put back to an older state. Which of
/// both cannot be told apart by what is here; in either case there are, or were, two with one key.
///
/// What is sent is noted before it is sent, so that a crash, or an answer that was lost, is not taken for a copy; some of it, because an entry that was
/// given up may still arrive.
final class Twin {

    private static final int NOTED = 16;

    private final ReplicaDb db;
    private final LogId log;
    private final DeviceId own;

    Twin(ReplicaDb db, LogId log, DeviceId own) {
        this.db = db;
        this.log = log;
        this.own = own;
    }

    /// The entry is about to be sent.
    void offers(Entry entry) throws CofferException {
        db.write(tx -> {
            byte[] noted = noted(tx);
            byte[] kept = Arrays.copyOfRange(noted, Math.max(0, noted.length - (NOTED - 1) * Hash.SIZE), noted.length);
            byte[] after = Arrays.copyOf(kept, kept.length + Hash.SIZE);
            System.arraycopy(entry.id().toArray(), 0, after, kept.length, Hash.SIZE);
            return tx.run("UPDATE log SET offered = ? WHERE id = ?", after, log.toArray());
        });
    }

    /// An entry has come and was verified; inside the transaction that keeps it.
    void met(Tx tx, Entry entry) throws SQLException {
        if (entry.header().author().equals(own) && !isNoted(noted(tx), entry.id().toArray())) {
            tx.run("UPDATE log SET twin = ? WHERE id = ? AND twin IS NULL", entry.header().sequence(), log.toArray());
        }
    }

    private byte[] noted(Tx tx) throws SQLException {
        byte[] noted = tx.blob("SELECT offered FROM log WHERE id = ?", (Object) log.toArray());
        return noted == null ? new byte[0] : noted;
    }

    private static boolean isNoted(byte[] noted, byte[] id) {
        for (int at = 0; at < noted.length; at += Hash.SIZE) {
            if (Arrays.equals(noted, at, at + Hash.SIZE, id, 0, Hash.SIZE)) {
                return true;
            }
        }
        return false;
    }

    /// The first entry that this device did not make, until a person has seen it.
    Optional<Long> sequence() throws CofferException {
        return db.read(tx -> {
            long sequence = tx.number(-1, "SELECT coalesce(twin, -1) FROM log WHERE id = ?", (Object) log.toArray());
            return sequence < 0 ? Optional.empty() : Optional.of(sequence);
        });
    }

    /// What to tell the person.
    Optional<Device.Problem> problem() throws CofferException {
        return sequence().map(sequence -> new Device.Problem(
                "this device",
                ErrorCode.LOCAL.name(),
                "entry " + sequence + " was written in this device's name and not by it: a copy of its home is at work, or its home was put back to an"
                        + " older state. Nothing was lost. If you did neither, remove this device from another one (`coffer device remove`) and join"
                        + " anew; else `coffer log seen` ends this message"));
    }
}
