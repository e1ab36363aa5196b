package coffer.service;

import coffer.core.CborException;
import coffer.core.Hash;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderDirectory.IllegalStatementException;
import coffer.core.tlog.Statement;
import coffer.service.StorageException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The stored transparency log, read from its first entry: what it says, and that it leads to what was published.
///
/// @param frontier  after all entries
/// @param providers after all statements
record TlogReplay(Frontier frontier, ProviderDirectory providers) {

    private static final int PAGE = 256;

    /// The last checkpoint that was published; empty for a log that begins.
    static Optional<Checkpoint> last(TlogFiles files, NoteVerifier verifier, long stored) throws IOException {
        Optional<byte[]> note = files.checkpoint();
        if (note.isEmpty()) {
            if (stored > 0) {
                throw new IOException("the transparency log's last checkpoint (tlog.checkpoint) is missing; restore it");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(Checkpoint.open(note.get(), verifier));
        } catch (CborException | Checkpoint.WrongKeyException e) {
            throw new IOException("tlog.checkpoint is damaged or was signed by another key than tlog.key; restore both", e);
        }
    }

    /// @throws IOException the entries do not lead to `last`: the database is older than what was published, or altered
    static TlogReplay run(TlogStorage storage, Optional<Checkpoint> last) throws IOException, StorageException {
        Frontier frontier = Frontier.EMPTY;
        ProviderDirectory providers = ProviderDirectory.EMPTY;
        long lastSize = last.map(Checkpoint::size).orElse(0L);
        while (true) {
            List<byte[]> entries = storage.entries(frontier.size(), PAGE);
            List<Hash> hashes = storage.hashes(0, frontier.size(), PAGE);
            for (int i = 0; i < entries.size(); i++) {
                Hash leaf = MerkleTree.leaf(entries.get(i));
                if (i >= hashes.size() || !leaf.equals(hashes.get(i))) {
                    throw new IOException("the stored transparency log is damaged");
                }
                frontier = frontier.with(leaf);
                providers = with(providers, entries.get(i));
                if (frontier.size() == lastSize) {
                    requireSame(last, frontier);
                }
            }
            if (entries.size() < PAGE) {
                break;
            }
        }
        if (frontier.size() < lastSize) {
            throw new IOException("the database is older than the transparency log that was published (tlog.checkpoint);"
                    + " restore a newer copy");
        }
        return new TlogReplay(frontier, providers);
    }

    private static void requireSame(Optional<Checkpoint> last, Frontier frontier) throws IOException {
        if (!frontier.root().equals(last.map(Checkpoint::root).orElse(frontier.root()))) {
            throw new IOException("the stored transparency log contradicts what was published (tlog.checkpoint)");
        }
    }

    private static ProviderDirectory with(ProviderDirectory before, byte[] entry) throws IOException {
        try {
            return before.with(Statement.decode(entry));
        } catch (CborException | IllegalStatementException e) {
            throw new IOException("the stored transparency log holds what this version does not know, or is damaged", e);
        }
    }

    static ProviderDirectory with(ProviderDirectory before, List<Statement> statements) throws IllegalStatementException {
        ProviderDirectory next = before;
        for (Statement statement : statements) {
            next = next.with(statement);
        }
        return next;
    }

    static void forEach(TlogStorage storage, long from, long to, TransparencyLog.Visitor visitor) throws StorageException {
        for (long index = from; index < to; ) {
            for (byte[] entry : storage.entries(index, (int) Math.min(PAGE, to - index))) {
                try {
                    visitor.visit(index, Statement.decode(entry));
                } catch (CborException e) {
                    throw new StorageException(Reason.FAILED, "a stored statement does not decode", e);
                }
                index++;
            }
        }
    }
}
