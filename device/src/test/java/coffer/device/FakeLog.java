package coffer.device;

import coffer.core.Hash;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.EntryBundle;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteSigner;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.core.tlog.TileId;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A transparency log in memory, of at most 256 entries, that can be made to lie in every way. It signs anything.
final class FakeLog implements LogTiles {

    static final String ORIGIN = "https://one.example";

    NoteSigner signer = signer(1);
    private final List<byte[]> entries = new ArrayList<>();
    long served = Long.MAX_VALUE;
    UnaryOperator<byte[]> hashes = UnaryOperator.identity();
    UnaryOperator<byte[]> bundle = UnaryOperator.identity();
    UnaryOperator<byte[]> note = UnaryOperator.identity();
    int asked;

    static NoteSigner signer(int number) {
        byte[] seed = new byte[32];
        seed[0] = (byte) number;
        return NoteSigner.ofSeed("coffer.example/tlog", seed);
    }

    FakeLog with(Statement... statements) {
        for (Statement statement : statements) {
            entries.add(statement.encode());
        }
        return this;
    }

    FakeLog withEntry(byte[] entry) {
        entries.add(entry);
        return this;
    }

    /// With region "de" and its active provider "one".
    static FakeLog begun() {
        return new FakeLog()
                .with(
                        new Statement.RegionAdded(1, "de", "Germany", "Germany"),
                        new Statement.RegionAdded(1, "us", "Elsewhere", "Elsewhere"),
                        new Statement.ProviderStated(2, "one", "One GmbH", "de", List.of(ORIGIN), 1_000),
                        state("one", ProviderState.ACTIVE, 1_000));
    }

    static Statement state(String provider, ProviderState state, int share) {
        return new Statement.ProviderStateChanged(3, provider, state, share, "because", Optional.empty());
    }

    static Statement words(String words) {
        return new Statement.OperatorAction(9, "note", words);
    }

    long size() {
        return Math.min(served, entries.size());
    }

    Hash root(long size) {
        Frontier frontier = Frontier.EMPTY;
        for (byte[] entry : entries.subList(0, (int) size)) {
            frontier = frontier.with(MerkleTree.leaf(entry));
        }
        return frontier.root();
    }

    @Override
    public byte[] checkpoint() {
        asked++;
        return note.apply(new Checkpoint(signer.verifier().name(), size(), root(size())).sign(signer).encode());
    }

    @Override
    public byte[] tile(TileId tile) {
        asked++;
        if (tile.kind() == TileId.Kind.ENTRIES) {
            return bundle.apply(EntryBundle.encode(entries.subList(0, tile.width())));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entries.subList(0, tile.width()).forEach(entry -> out.writeBytes(MerkleTree.leaf(entry).toArray()));
        return hashes.apply(out.toByteArray());
    }
}
