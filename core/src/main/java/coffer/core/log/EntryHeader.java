package coffer.core.log;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.PackId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The signed part of an entry, in clear (docs/spec/log.md, "Header").
///
/// @param suite    the set of algorithms; 1 is the only one
/// @param log      the log's id; null in a genesis, whose id it is
/// @param sequence zero for the genesis, then one more each time
/// @param previous id of the entry before; null in a genesis
/// @param author   the device that signs, or the recovery key
/// @param account  in vault logs, in whose name; null in account logs
/// @param period   the epoch (vault logs) or generation (account logs) that seals the body
/// @param timeMs   what the author's clock says, milliseconds since 1970; informative only
/// @param bodyHash SHA-256 of the body
/// @param added    packs that the body begins to use, by ascending id
/// @param released packs that nothing needs any more, by ascending id
/// @param control  what everyone must be able to check
public record EntryHeader(
        int suite,
        @Nullable LogId log,
        long sequence,
        @Nullable Hash previous,
        DeviceId author,
        @Nullable AuthorAccount account,
        long period,
        long timeMs,
        Hash bodyHash,
        List<PackRef> added,
        List<PackId> released,
        Control control) {

    public static final int SUITE = 1;

    private static final int KEY_SUITE = 1;
    private static final int KEY_LOG = 2;
    private static final int KEY_SEQUENCE = 3;
    private static final int KEY_PREVIOUS = 4;
    private static final int KEY_KIND = 5;
    private static final int KEY_AUTHOR = 6;
    private static final int KEY_ACCOUNT = 7;
    private static final int KEY_ACCOUNT_HEAD = 8;
    private static final int KEY_PERIOD = 9;
    private static final int KEY_TIME = 10;
    private static final int KEY_BODY_HASH = 11;
    private static final int KEY_ADDED = 12;
    private static final int KEY_RELEASED = 13;
    private static final int KEY_CONTROL = 14;

    public EntryHeader {
        added = List.copyOf(added);
        released = List.copyOf(released);
    }

    public Kind kind() {
        return control.kind();
    }

    public byte[] encode() {
        return encode(true);
    }

    /// What the body is sealed for: this header without the body's hash, which is not known before sealing.
    public byte[] sealContext() {
        return encode(false);
    }

    private byte[] encode(boolean withBodyHash) {
        CborWriter out = new CborWriter();
        out.map(9 + (withBodyHash ? 1 : 0) - (log == null ? 1 : 0) - (previous == null ? 1 : 0)
                + (account == null ? 0 : 2)
                + (added.isEmpty() ? 0 : 1)
                + (released.isEmpty() ? 0 : 1));
        out.integer(KEY_SUITE).integer(suite);
        if (log != null) {
            out.integer(KEY_LOG).bytes(log.value());
        }
        out.integer(KEY_SEQUENCE).integer(sequence);
        if (previous != null) {
            out.integer(KEY_PREVIOUS).bytes(previous.value());
        }
        out.integer(KEY_KIND).integer(kind().code());
        out.integer(KEY_AUTHOR).bytes(author.value());
        if (account != null) {
            out.integer(KEY_ACCOUNT).bytes(account.account().value());
            out.integer(KEY_ACCOUNT_HEAD);
            account.head().writeTo(out);
        }
        out.integer(KEY_PERIOD).integer(period);
        out.integer(KEY_TIME).integer(timeMs);
        if (withBodyHash) {
            out.integer(KEY_BODY_HASH).bytes(bodyHash.value());
        }
        writePacks(out);
        out.integer(KEY_CONTROL);
        control.writeTo(out);
        return out.toByteArray();
    }

    private void writePacks(CborWriter out) {
        if (!added.isEmpty()) {
            out.integer(KEY_ADDED).array(added.size());
            added.forEach(pack -> out.array(2).bytes(pack.id().value()).integer(pack.size()));
        }
        if (!released.isEmpty()) {
            out.integer(KEY_RELEASED).array(released.size());
            released.forEach(pack -> out.bytes(pack.value()));
        }
    }

    /// Decodes strictly: accepts exactly what [#encode] writes.
    public static EntryHeader decode(byte[] encoded) throws CborException {
        EntryHeader header = read(new CborReader(encoded));
        if (!Arrays.equals(encoded, header.encode())) {
            throw new CborException("header is not in canonical form");
        }
        return header;
    }

    private static EntryHeader read(CborReader in) throws CborException {
        var keys = in.map(14);
        keys.key(KEY_SUITE);
        int suite = (int) in.integer(0, 0xffff);
        if (suite != SUITE) {
            throw new UnknownSuiteException();
        }
        long key = keys.key();
        LogId log = null;
        if (key == KEY_LOG) {
            log = new LogId(in.bytesOf(LogId.SIZE));
            key = keys.key();
        }
        require(key == KEY_SEQUENCE);
        long sequence = in.integer(0, Long.MAX_VALUE);
        key = keys.key();
        Hash previous = null;
        if (key == KEY_PREVIOUS) {
            previous = new Hash(in.bytesOf(Hash.SIZE));
            key = keys.key();
        }
        require(key == KEY_KIND);
        Kind kind = Kind.of(in.integer());
        keys.key(KEY_AUTHOR);
        DeviceId author = new DeviceId(in.bytesOf(DeviceId.SIZE));
        AuthorAccount account = null;
        if (kind.isOfVault()) {
            keys.key(KEY_ACCOUNT);
            LogId id = new LogId(in.bytesOf(LogId.SIZE));
            keys.key(KEY_ACCOUNT_HEAD);
            account = new AuthorAccount(id, Head.readFrom(in));
        }
        keys.key(KEY_PERIOD);
        long period = in.integer(1, Long.MAX_VALUE);
        keys.key(KEY_TIME);
        long timeMs = in.integer(0, Long.MAX_VALUE);
        keys.key(KEY_BODY_HASH);
        Hash bodyHash = new Hash(in.bytesOf(Hash.SIZE));
        key = keys.key();
        List<PackRef> added = List.of();
        if (key == KEY_ADDED) {
            added = readAdded(in);
            key = keys.key();
        }
        List<PackId> released = List.of();
        if (key == KEY_RELEASED) {
            released = readReleased(in);
            key = keys.key();
        }
        require(key == KEY_CONTROL);
        Control control = Control.readFrom(kind, in);
        keys.end();
        in.end();
        boolean genesis = kind.isGenesis();
        require(genesis == (log == null) && genesis == (previous == null) && genesis == (sequence == 0));
        return new EntryHeader(
                suite, log, sequence, previous, author, account, period, timeMs, bodyHash, added, released, control);
    }

    private static List<PackRef> readAdded(CborReader in) throws CborException {
        List<PackRef> packs = new ArrayList<>();
        int left = in.array(Limits.PACKS_PER_ENTRY_MAX);
        require(left > 0);
        for (; left > 0; left--) {
            in.arrayOf(2);
            PackRef pack = new PackRef(new PackId(in.bytesOf(PackId.SIZE)), in.integer(1, Limits.PACK_BYTES_MAX));
            require(packs.isEmpty() || packs.getLast().id().compareTo(pack.id()) < 0);
            packs.add(pack);
        }
        return packs;
    }

    private static List<PackId> readReleased(CborReader in) throws CborException {
        List<PackId> packs = new ArrayList<>();
        int left = in.array(Limits.PACKS_PER_ENTRY_MAX);
        require(left > 0);
        for (; left > 0; left--) {
            PackId pack = new PackId(in.bytesOf(PackId.SIZE));
            require(packs.isEmpty() || packs.getLast().compareTo(pack) < 0);
            packs.add(pack);
        }
        return packs;
    }

    private static void require(boolean condition) throws CborException {
        if (!condition) {
            throw new CborException("header field missing, misplaced or not in order");
        }
    }
}
