package coffer.core.log;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.LogId;

/// An account's part in a vault for one epoch.
///
/// @param account    the account
/// @param head       the account's head when the epoch began; its state there fixes key and generation
/// @param role       what it may do
/// @param generation the account's generation at that head, whose wrap key was used
/// @param wrapped    the epoch's secret, wrapped to that key
public record Member(LogId account, Head head, MemberRole role, long generation, Bytes wrapped) {

    void writeTo(CborWriter out) {
        out.array(5).bytes(account.value());
        head.writeTo(out);
        out.integer(role.code()).integer(generation).bytes(wrapped);
    }

    static Member readFrom(CborReader in) throws CborException {
        in.arrayOf(5);
        return new Member(
                new LogId(in.bytesOf(Hash.SIZE)),
                Head.readFrom(in),
                MemberRole.of(in.integer()),
                in.integer(1, Long.MAX_VALUE),
                in.bytesOf(Wrap.WRAPPED_SIZE));
    }
}
