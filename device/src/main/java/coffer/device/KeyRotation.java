package coffer.device;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.LogId;
import coffer.core.log.AccountState;
import coffer.core.log.Epoch;
import coffer.core.log.Generation;
import coffer.core.log.Member;
import coffer.core.log.MemberRole;
import coffer.core.log.Wrap;
import coffer.seal.AccountKeys;
import coffer.seal.Label;
import coffer.seal.Secret;
import coffer.seal.VaultKeys;
import coffer.seal.WrapContext;
import coffer.seal.Wrapping;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes the control fields that start a generation or an epoch: commitment, wraps, and the sealed secret before.
///
/// Pure but for the randomness of wrapping and sealing.
final class KeyRotation {

    private KeyRotation() {}

    /// Where the entry that carries the wraps will stand, and who signs it.
    ///
    /// @param log null for a genesis
    record Spot(@Nullable LogId log, long sequence, DeviceId sender) {
        Bytes logBytes() {
            return log == null ? Bytes.EMPTY : log.value();
        }
    }

    /// @param next       the new generation's keys
    /// @param recipients every device that is active after the entry, and the recovery key
    /// @param previous   the keys of the generation before; null in a genesis
    static Generation generation(
            Spot spot, AccountKeys next, Collection<DeviceRecord> recipients, @Nullable AccountKeys previous) {
        Map<DeviceId, Wrap> wraps = new TreeMap<>();
        try (Secret secret = next.secret()) {
            for (DeviceRecord recipient : recipients) {
                wraps.put(recipient.id(), wrapForDevice(spot, secret, next.generation(), recipient));
            }
        }
        return new Generation(
                next.generation(),
                next.commitment(),
                next.wrapKeys().publicKey(),
                List.copyOf(wraps.values()),
                previous == null ? Bytes.EMPTY : sealedPrevious(spot, next, previous));
    }

    static Wrap wrapForDevice(Spot spot, Secret secret, long generation, DeviceRecord recipient) {
        WrapContext context = new WrapContext(
                Label.WRAP_GENERATION,
                spot.logBytes(),
                spot.sequence(),
                spot.sender(),
                recipient.id().value(),
                0,
                generation);
        return new Wrap(recipient.id(), Bytes.of(Wrapping.wrapSecret(recipient.wrapKey(), context, secret)));
    }

    /// An epoch whose only member is the owner.
    ///
    /// @param next     the new epoch's keys
    /// @param owner    the owner's newest state
    /// @param previous the keys of the epoch before; null in a genesis
    static Epoch epoch(Spot spot, VaultKeys next, AccountState owner, @Nullable VaultKeys previous) {
        long generation = owner.generation().number();
        WrapContext context = new WrapContext(
                Label.WRAP_EPOCH,
                spot.logBytes(),
                spot.sequence(),
                spot.sender(),
                owner.id().value(),
                generation,
                next.epoch());
        byte[] wrapped;
        try (Secret secret = next.secret()) {
            wrapped = Wrapping.wrapSecret(owner.generation().wrapKey(), context, secret);
        }
        Member member = new Member(owner.id(), owner.head(), MemberRole.OWNER, generation, Bytes.of(wrapped));
        return new Epoch(next.epoch(), next.commitment(), List.of(member), sealedPrevious(spot, next, previous));
    }

    private static Bytes sealedPrevious(Spot spot, AccountKeys next, AccountKeys previous) {
        LogId log = spot.log();
        if (log == null) {
            throw new IllegalArgumentException("a genesis has no generation before");
        }
        try (Secret secret = previous.secret()) {
            return Bytes.of(next.sealPrevious(log, secret));
        }
    }

    private static Bytes sealedPrevious(Spot spot, VaultKeys next, @Nullable VaultKeys previous) {
        LogId log = spot.log();
        if (previous == null || log == null) {
            return Bytes.EMPTY;
        }
        try (Secret secret = previous.secret()) {
            return Bytes.of(next.sealPrevious(log, secret));
        }
    }
}
