package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Limits;
import java.util.ArrayList;
import java.util.List;

/// The body of a commit: what changes in the tree, what the packs that come with it hold, and which heads of other
/// logs the author has seen (docs/spec/bodies.md).
///
/// Operations apply in order; packs are kept by ascending id and heads by ascending log, each at most once. A decoded body is well formed, no more: whether parents are there and names are free is
/// decided against the state before it.
public record CommitBody(List<Operation> operations, List<PackAdded> packs, List<KnownHead> heads) {

    public CommitBody {
        operations = List.copyOf(operations);
        packs = Canonical.sorted(packs, PackAdded::id);
        heads = Canonical.sorted(heads, KnownHead::log);
        if (operations.size() > Limits.OPERATIONS_MAX
                || packs.size() > Limits.PACKS_PER_ENTRY_MAX
                || heads.size() > Limits.KNOWN_HEADS_MAX) {
            throw new IllegalArgumentException("too much for one commit");
        }
    }

    public byte[] encode() {
        CborWriter out = new CborWriter();
        out.map(3).integer(1).array(operations.size());
        operations.forEach(operation -> operation.writeTo(out));
        out.integer(2).array(packs.size());
        packs.forEach(pack -> pack.writeTo(out));
        out.integer(3).array(heads.size());
        heads.forEach(head -> head.writeTo(out));
        return out.toByteArray();
    }

    public static CommitBody decode(byte[] encoded) throws CborException {
        if (encoded.length > Limits.BODY_BYTES_MAX) {
            throw new CborException("body too long");
        }
        CborReader in = new CborReader(encoded);
        var keys = in.map(3);
        keys.key(1);
        List<Operation> operations = new ArrayList<>();
        for (int left = in.array(Limits.OPERATIONS_MAX); left > 0; left--) {
            operations.add(Operation.readFrom(in));
        }
        keys.key(2);
        List<PackAdded> packs = new ArrayList<>();
        for (int left = in.array(Limits.PACKS_PER_ENTRY_MAX); left > 0; left--) {
            PackAdded pack = PackAdded.readFrom(in);
            requireAscent(packs.isEmpty() || packs.getLast().id().compareTo(pack.id()) < 0);
            packs.add(pack);
        }
        keys.key(3);
        List<KnownHead> heads = new ArrayList<>();
        for (int left = in.array(Limits.KNOWN_HEADS_MAX); left > 0; left--) {
            KnownHead head = KnownHead.readFrom(in);
            requireAscent(heads.isEmpty() || heads.getLast().log().compareTo(head.log()) < 0);
            heads.add(head);
        }
        keys.end();
        in.end();
        return new CommitBody(operations, packs, heads);
    }

    private static void requireAscent(boolean ascends) throws CborException {
        if (!ascends) {
            throw new CborException("not in ascending order");
        }
    }
}
