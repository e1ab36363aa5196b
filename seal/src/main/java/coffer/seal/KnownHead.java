package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.LogId;
import coffer.core.log.Head;

/// A head of another log that the author has verified: readers notice when the service shows them an older one.
public record KnownHead(LogId log, Head head) {

    void writeTo(CborWriter out) {
        out.array(2).bytes(log.value());
        head.writeTo(out);
    }

    static KnownHead readFrom(CborReader in) throws CborException {
        in.arrayOf(2);
        return new KnownHead(new LogId(in.bytesOf(LogId.SIZE)), Head.readFrom(in));
    }
}
