package coffer.service;

import coffer.core.LogId;
import coffer.core.PackId;
import coffer.service.CopyStorage.CopyState;
import coffer.service.LogStorage.DoomedPack;
import coffer.service.LogStorage.HeldPack;
import coffer.service.LogStorage.LogInfo;
import coffer.service.LogStorage.PackState;
import coffer.service.LogStorage.Reservation;
import coffer.service.LogStorage.ReserveResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What SQLite does with the holdings of packs; each method runs inside one transaction.
final class SqlitePacks {

    private static final String HELD = "SELECT number, pack, size, state FROM packs WHERE log_no = ? AND pack = ?";

    private SqlitePacks() {}

    static ReserveResult reserve(
            SqlSession session, LogId vault, List<Reservation> packs, long quotaBytes, long now) throws SQLException {
        Optional<LogInfo> info = SqliteStorage.info(session, vault);
        if (info.isEmpty() || !info.get().vault()) {
            return new ReserveResult.NoVault();
        }
        long no = SqliteStorage.logNo(session, vault).orElseThrow();
        long more = 0;
        for (Reservation pack : packs) {
            if (isBeingDeleted(session, pack.pack())) {
                return new ReserveResult.Refused(pack.pack(), true);
            }
            Optional<HeldPack> held = held(session, no, pack.pack());
            if (held.isPresent() && held.get().size() != pack.size()) {
                return new ReserveResult.Refused(pack.pack(), false);
            }
            more += held.isPresent() ? 0 : pack.size();
        }
        if (more > 0 && SqliteStorage.usage(session, info.get().owner()) + more > quotaBytes) {
            return new ReserveResult.OverQuota();
        }
        List<HeldPack> held = new ArrayList<>();
        for (Reservation pack : packs) {
            reserve(session, no, pack, now);
            held.add(held(session, no, pack.pack()).orElseThrow());
        }
        return new ReserveResult.Reserved(held);
    }

    private static void reserve(SqlSession session, long no, Reservation pack, long now) throws SQLException {
        Optional<HeldPack> held = held(session, no, pack.pack());
        if (held.isEmpty()) {
            session.update(
                    "INSERT INTO packs(log_no, pack, size, state, since) VALUES (?, ?, ?, 0, ?)",
                    no,
                    pack.pack().toArray(),
                    pack.size(),
                    now);
            session.update("UPDATE logs SET pack_bytes = pack_bytes + ? WHERE no = ?", pack.size(), no);
            place(session, held(session, no, pack.pack()).orElseThrow(), pack.providers(), now);
            return;
        }
        session.update("UPDATE packs SET since = ? WHERE number = ? AND state IN (0, 2)", now, held.get().number());
        if (held.get().state() == PackState.RESERVED) {
            place(session, held.get(), pack.providers(), now);
        }
    }

    /// Nothing was committed yet, so that it goes where it would go now: the provider it was meant for may have failed.
    private static void place(SqlSession session, HeldPack held, List<String> providers, long now) throws SQLException {
        for (String provider : held.providers()) {
            if (!providers.contains(provider)) {
                session.update(
                        "UPDATE copies SET state = ?, since = ? WHERE number = ? AND provider = ?",
                        CopyState.LEAVING.code(),
                        now,
                        held.number(),
                        provider);
            }
        }
        for (String provider : providers) {
            session.update(
                    "INSERT INTO copies(number, provider, state, since, proven) VALUES (?, ?, 0, ?, 0)"
                            + " ON CONFLICT DO UPDATE SET state = 0",
                    held.number(),
                    provider,
                    now);
        }
    }

    /// Whether some object of the pack is on its way out: whoever writes it now would write for nothing.
    private static boolean isBeingDeleted(SqlSession session, PackId pack) throws SQLException {
        return session.find(
                        "SELECT 1 FROM packs p WHERE p.pack = ? AND (p.state = 3 OR EXISTS"
                                + " (SELECT 1 FROM copies c WHERE c.number = p.number AND c.state = 2)) LIMIT 1",
                        row -> 1,
                        pack.toArray())
                .isPresent();
    }

    static List<HeldPack> held(SqlSession session, LogId vault, Collection<PackId> packs) throws SQLException {
        List<HeldPack> held = new ArrayList<>();
        Optional<Long> no = SqliteStorage.logNo(session, vault);
        if (no.isPresent()) {
            for (PackId pack : packs) {
                held(session, no.get(), pack)
                        .filter(found -> found.state() != PackState.DOOMED)
                        .ifPresent(held::add);
            }
        }
        return held;
    }

    static Optional<HeldPack> held(SqlSession session, long no, PackId pack) throws SQLException {
        Optional<HeldPack> bare = session.find(HELD, SqlitePacks::bare, no, pack.toArray());
        if (bare.isEmpty()) {
            return bare;
        }
        HeldPack found = bare.get();
        return Optional.of(new HeldPack(
                found.number(),
                found.pack(),
                found.size(),
                found.state(),
                providers(session, found.number(), CopyState.HELD),
                providers(session, found.number(), CopyState.DAMAGED)));
    }

    private static List<String> providers(SqlSession session, long number, CopyState state) throws SQLException {
        return session.query(
                "SELECT provider FROM copies WHERE number = ? AND state = ? ORDER BY provider",
                row -> row.getString(1),
                number,
                state.code());
    }

    private static HeldPack bare(ResultSet row) throws SQLException {
        return new HeldPack(
                row.getLong(1),
                PackId.of(row.getBytes(2)),
                row.getLong(3),
                PackState.of(row.getInt(4)),
                List.of(),
                List.of());
    }

    static List<DoomedPack> doom(SqlSession session, long releasedBefore, long reservedBefore, int countMax)
            throws SQLException {
        List<HeldPack> due = session.query(
                "SELECT number, pack, size, state FROM packs"
                        + " WHERE state = 3 OR (state = 2 AND since < ?) OR (state = 0 AND since < ?)"
                        + " ORDER BY state DESC, since LIMIT ?",
                SqlitePacks::bare,
                releasedBefore,
                reservedBefore,
                countMax);
        List<DoomedPack> doomed = new ArrayList<>();
        for (HeldPack pack : due) {
            session.update("UPDATE packs SET state = 3 WHERE number = ?", pack.number());
            // What another holding relies on stays, also what is just coming to it.
            List<String> providers = session.query(
                    "SELECT provider FROM copies WHERE number = ? AND provider NOT IN"
                            + " (SELECT c.provider FROM copies c JOIN packs p ON p.number = c.number"
                            + " WHERE p.pack = ? AND p.state <> 3 AND c.state <> 2) ORDER BY provider",
                    row -> row.getString(1),
                    pack.number(),
                    pack.pack().toArray());
            doomed.add(new DoomedPack(pack.number(), pack.pack(), providers));
        }
        return doomed;
    }

    static int forget(SqlSession session, long number) throws SQLException {
        session.update(
                "UPDATE logs SET pack_bytes = pack_bytes - (SELECT size FROM packs WHERE number = ?)"
                        + " WHERE no = (SELECT log_no FROM packs WHERE number = ? AND state = 3)",
                number,
                number);
        int gone = session.update("DELETE FROM packs WHERE number = ? AND state = 3", number);
        if (gone > 0) {
            session.update("DELETE FROM copies WHERE number = ?", number);
        }
        return gone;
    }
}
