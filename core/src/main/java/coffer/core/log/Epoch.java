package coffer.core.log;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.LogId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The start of an epoch: a new vault secret, for exactly the members named.
///
/// @param number     one for the first, then one more each time
/// @param commitment binds the secret, so that a wrap of another secret is noticed
/// @param members    by ascending account; exactly one is the owner
/// @param previous   the secret of the epoch before, sealed under this one; empty in the first
public record Epoch(long number, Hash commitment, List<Member> members, Bytes previous) {

    public Epoch {
        members = List.copyOf(members);
        if (number < 1) {
            throw new IllegalArgumentException("malformed epoch");
        }
    }

    public Optional<Member> member(LogId account) {
        return members.stream().filter(member -> member.account().equals(account)).findFirst();
    }

    void writeTo(CborWriter out) {
        out.array(4).integer(number).bytes(commitment.value()).array(members.size());
        members.forEach(member -> member.writeTo(out));
        out.bytes(previous);
    }

    static Epoch readFrom(CborReader in) throws CborException {
        in.arrayOf(4);
        long number = in.integer(1, Long.MAX_VALUE);
        Hash commitment = new Hash(in.bytesOf(Hash.SIZE));
        List<Member> members = new ArrayList<>();
        for (int left = in.array(Limits.MEMBERS_MAX); left > 0; left--) {
            members.add(Member.readFrom(in));
        }
        return new Epoch(number, commitment, members, Bytes.of(in.bytes(Generation.SEALED_SECRET_BYTES_MAX)));
    }
}
