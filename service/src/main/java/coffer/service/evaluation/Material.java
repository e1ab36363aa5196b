package coffer.service.evaluation;

import coffer.core.Bytes;
import coffer.core.Hash;
import coffer.store.Content;
import coffer.store.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Makes what is written: bytes that nobody else has and that cannot be compressed.
final class Material {

    private static final int NONCE_BYTES = 8;
    private static final int BLOCK_BYTES = 8 << 10;

    private final RandomGenerator random;
    private final String prefix;

    /// @param prefix with which the names of pieces begin; each digit makes them sixteen times as costly
    Material(RandomGenerator random, String prefix) {
        this.random = random;
        this.prefix = prefix;
    }

    /// An object small enough for memory.
    record Piece(ObjectName name, byte[] bytes) {}

    /// Random bytes whose name begins with the prefix, so that one short listing must show all of them: the last eight bytes are
    /// counted up until it does.
    Piece piece(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        int start = size - NONCE_BYTES;
        MessageDigest head = Hash.digest();
        head.update(bytes, 0, start);
        for (long nonce = random.nextLong(); ; nonce++) {
            ByteBuffer.wrap(bytes).putLong(start, nonce);
            ObjectName name = name(head, bytes, start);
            if (name.text().startsWith(prefix)) {
                return new Piece(name, bytes);
            }
        }
    }

    private static ObjectName name(MessageDigest head, byte[] bytes, int start) {
        try {
            MessageDigest digest = (MessageDigest) head.clone();
            digest.update(bytes, start, NONCE_BYTES);
            return new ObjectName(new Hash(Bytes.of(digest.digest())));
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("SHA-256 of every Java platform can be cloned", e);
        }
    }

    /// Random bytes under whatever name they have.
    Piece anyPiece(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return new Piece(ObjectName.ofContent(bytes), bytes);
    }

    /// A name under which nobody ever stored anything.
    ObjectName absent() {
        byte[] name = new byte[Hash.SIZE];
        random.nextBytes(name);
        return new ObjectName(new Hash(Bytes.of(name)));
    }

    /// An object that is made while it is read, so that memory does not depend on its size.
    record Stream(ObjectName name, long size, Content content) {}

    Stream stream(long size) {
        long seed = random.nextLong();
        Content content = () -> new SeededStream(seed, size);
        MessageDigest digest = Hash.digest();
        byte[] buffer = new byte[BLOCK_BYTES];
        try (InputStream in = content.open()) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new AssertionError("made bytes do not fail to be read", e);
        }
        return new Stream(new ObjectName(new Hash(Bytes.of(digest.digest()))), size, content);
    }

    private static final class SeededStream extends InputStream {
        private final long seed;
        private final long size;
        private final byte[] block = new byte[BLOCK_BYTES];
        private long position;

        SeededStream(long seed, long size) {
            this.seed = seed;
            this.size = size;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            if (position == size) {
                return -1;
            }
            int inBlock = (int) (position % BLOCK_BYTES);
            if (inBlock == 0) {
                new SplittableRandom(seed + position).nextBytes(block);
            }
            int taken = (int) Math.min(Math.min(count, BLOCK_BYTES - inBlock), size - position);
            System.arraycopy(block, inBlock, buffer, offset, taken);
            position += taken;
            return taken;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }
}
