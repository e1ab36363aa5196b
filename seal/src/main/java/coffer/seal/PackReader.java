package coffer.seal;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.Limits;
import coffer.core.LogId;
import java.nio.ByteBuffer;

/// Reads what a pack says it holds, without log or replica: for rebuilding and for the offline tool.
///
/// The caller has checked the pack's id, or does not mind: chunks are checked one by one when they are opened.
public final class PackReader {

    /// The bytes at the end of every pack that say where its index lies.
    public static final int FOOTER_SIZE = PackFormat.FOOTER_SIZE;

    /// Where the sealed index of a pack lies.
    public record Footer(int indexOffset, int indexLength, int packSize, int chunkCount) {}

    private PackReader() {}

    /// The contents of a whole pack.
    public static PackContents contents(VaultKeys keys, LogId vault, Slice pack) throws OpenException {
        if (pack.length() < FOOTER_SIZE) {
            throw new OpenException();
        }
        int end = pack.offset() + pack.length();
        Footer footer =
                footer(keys, vault, new Slice(pack.array(), end - FOOTER_SIZE, FOOTER_SIZE), pack.length());
        Slice index = new Slice(pack.array(), pack.offset() + footer.indexOffset(), footer.indexLength());
        return index(keys, vault, footer, index);
    }

    /// Opens the last [#FOOTER_SIZE] bytes of a pack of `packSize` bytes.
    public static Footer footer(VaultKeys keys, LogId vault, Slice sealed, long packSize) throws OpenException {
        byte[] context = PackFormat.context(vault, keys.epoch());
        byte[] plain = Sealing.open(keys.footerKey(), Label.PACK_FOOTER, context, sealed);
        if (plain.length != PackFormat.FOOTER_PLAIN_SIZE) {
            throw new OpenException();
        }
        ByteBuffer in = ByteBuffer.wrap(plain);
        Footer footer = new Footer(in.getInt(), in.getInt(), in.getInt(), in.getInt());
        boolean possible = footer.packSize() == packSize
                && packSize <= Limits.PACK_BYTES_MAX
                && footer.indexOffset() > 0
                && footer.indexLength() > 0
                && (long) footer.indexOffset() + footer.indexLength() <= packSize - FOOTER_SIZE
                && packSize
                        == Padme.paddedSize((long) footer.indexOffset() + footer.indexLength() + FOOTER_SIZE);
        if (!possible) {
            throw new OpenException();
        }
        return footer;
    }

    /// Opens the index that `footer` points to.
    public static PackContents index(VaultKeys keys, LogId vault, Footer footer, Slice sealed) throws OpenException {
        byte[] context = PackFormat.context(vault, keys.epoch());
        byte[] plain = Sealing.open(keys.indexKey(), Label.PACK_INDEX, context, sealed);
        try {
            CborReader in = new CborReader(plain);
            PackContents contents = PackContents.readFrom(in);
            in.end();
            if (contents.chunks().size() != footer.chunkCount()
                    || contents.end() != footer.indexOffset()
                    || !contents.isContiguous()) {
                throw new OpenException();
            }
            return contents;
        } catch (CborException e) {
            throw new OpenException();
        }
    }
}
