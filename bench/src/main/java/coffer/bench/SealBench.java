package coffer.bench;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.seal.ChunkCodec;
import coffer.seal.Chunker;
import coffer.seal.DedupKeys;
import coffer.seal.RandomSource;
import coffer.seal.Secret;
import coffer.seal.Slice;
import coffer.seal.VaultKeys;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Random;

/// What cutting, naming, sealing and opening cost: processor nanoseconds a byte of one thread, round by round, so that
/// the cold first round is seen beside the warm ones.
///
///     java --enable-native-access=ALL-UNNAMED -cp <class path> coffer.bench.SealBench
public final class SealBench {

    private static final int SIZE = 256 << 20;
    private static final int ROUNDS = 4;

    private SealBench() {}

    public static void main(String[] args) throws CofferException {
        try (Secret secret = Secret.random(RandomSource.secure());
                VaultKeys keys = VaultKeys.of(secret, 1);
                DedupKeys dedup = DedupKeys.of(secret)) {
            ChunkCodec codec = new ChunkCodec(keys, dedup, LogId.of(new byte[LogId.SIZE]));
            byte[] data = new byte[SIZE];
            new Random(1).nextBytes(data);
            run("incompressible", data, codec, dedup);
            for (int i = 0; i < SIZE; i++) {
                data[i] = (byte) ('a' + (data[i] & 0x0f));
            }
            run("half as long compressed", data, codec, dedup);
        }
    }

    private static void run(String name, byte[] data, ChunkCodec codec, DedupKeys dedup) throws CofferException {
        byte[] sealed = new byte[ChunkCodec.sealedSizeMax(Chunker.CHUNK_SIZE_MAX)];
        byte[] opened = new byte[Chunker.CHUNK_SIZE_MAX];
        for (int round = 1; round <= ROUNDS; round++) {
            long[] spent = new long[4];
            for (int at = 0; at < data.length; ) {
                long start = now();
                int length = dedup.chunker().cut(data, at, data.length - at);
                long cut = now();
                ChunkId id = dedup.id(data, at, length);
                long named = now();
                int size = codec.seal(id, new Slice(data, at, length), sealed, 0);
                long done = now();
                codec.open(id, new Slice(sealed, 0, size), opened, 0);
                long end = now();
                spent[0] += cut - start;
                spent[1] += named - cut;
                spent[2] += done - named;
                spent[3] += end - done;
                at += length;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, round %d: cut %.2f, name %.2f, seal and verify %.2f, open %.2f ns/byte%n",
                    name,
                    round,
                    (double) spent[0] / SIZE,
                    (double) spent[1] / SIZE,
                    (double) spent[2] / SIZE,
                    (double) spent[3] / SIZE);
        }
    }

    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
