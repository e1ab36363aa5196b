package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import coffer.seal.CommitBody;
import coffer.seal.DedupKeys;
import coffer.seal.Secret;
import coffer.seal.VaultKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// A vault whose log is a counter: commits are encoded, decoded again and applied to the replica.
final class FakeVault implements VaultAccess {

    static final DeviceId DEVICE = DeviceId.of(filled(9));
    private static final Head GENESIS = new Head(0, new Hash(Bytes.of(filled(1))));

    final Replica replica;
    private final LogId id = LogId.of(filled(7));
    private final Map<Long, VaultKeys> keys = new HashMap<>();
    private final DedupKeys dedup;
    private long epoch;
    long sequence;
    int commits;
    long bodyBytesMax;
    int purges;

    /// What the author's clock says at the start of the log.
    long claimedMs;
    final java.util.Set<coffer.core.PackId> released = new java.util.HashSet<>();

    /// Called before each commit with its number, to crash or to change the vault meanwhile.
    IntConsumer beforeCommit = number -> {};

    FakeVault(Replica replica) {
        this.replica = replica;
        try (Secret secret = Secret.of(filled(3))) {
            dedup = DedupKeys.of(secret);
        }
        nextEpoch();
    }

    void nextEpoch() {
        epoch++;
        try (Secret secret = Secret.of(filled(100 + (int) epoch))) {
            keys.put(epoch, VaultKeys.of(secret, epoch));
        }
    }

    @Override
    public LogId id() {
        return id;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public VaultKeys keys(long wanted) {
        return java.util.Objects.requireNonNull(keys.get(wanted));
    }

    @Override
    public DedupKeys dedup() {
        return dedup;
    }

    @Override
    public Head commit(Planner planner) throws CofferException {
        beforeCommit.accept(++commits);
        Plan plan = planner.plan();
        if (plan != null) {
            apply(plan);
        }
        return new Head(sequence, GENESIS.id());
    }

    /// Appends what another device decided.
    void apply(Plan plan) throws CofferException {
        byte[] encoded = plan.body().encode();
        bodyBytesMax = Math.max(bodyBytesMax, encoded.length);
        CommitBody body;
        try {
            body = CommitBody.decode(encoded);
        } catch (CborException e) {
            throw new CofferException(ErrorCode.PROTOCOL, "a body that does not decode", e);
        }
        sequence++;
        released.addAll(plan.released());
        purges += (int) body.operations().stream().filter(coffer.seal.Operation.Purge.class::isInstance).count();
        List<PackRef> added = body.packs().stream().map(pack -> new PackRef(pack.id(), pack.size())).toList();
        EntryInfo entry = new EntryInfo(id, sequence, claimedMs + sequence * 1_000, DEVICE, false, epoch, added, plan.released());
        replica.db().write(tx -> {
            replica.apply(tx, entry, body);
            return null;
        });
    }

    @Override
    public long refresh() {
        return 0;
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
