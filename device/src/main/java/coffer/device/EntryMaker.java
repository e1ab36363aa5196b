package coffer.device;

import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.SigningKey;
import coffer.core.log.AuthorAccount;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.EntryHeader;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import coffer.seal.DeviceKeys;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts entries together: header, sealed body, signature.
final class EntryMaker {

    private static final Hash UNKNOWN = Hash.of(new byte[0]);

    private final DeviceKeys author;
    private final Clock clock;

    EntryMaker(DeviceKeys author, Clock clock) {
        this.author = author;
        this.clock = clock;
    }

    DeviceId author() {
        return author.record().id();
    }

    /// Seals a body for the place that `context` names.
    interface BodySealer {
        byte[] seal(byte[] context);
    }

    static final BodySealer NO_BODY = context -> new byte[0];

    /// The place of an entry in its log.
    ///
    /// @param log  null for a genesis
    /// @param head the head it follows; null for a genesis
    record Place(@Nullable LogId log, @Nullable Head head) {
        static final Place GENESIS = new Place(null, null);
    }

    /// An entry of an account's log.
    Entry make(Place place, long generation, Control control, BodySealer body, DeviceKeys... cosigners) {
        return make(place, null, generation, List.of(), List.of(), control, body, cosigners);
    }

    Entry make(
            Place place,
            @Nullable AuthorAccount account,
            long period,
            List<PackRef> added,
            List<PackId> released,
            Control control,
            BodySealer body,
            DeviceKeys... cosigners) {
        Head head = place.head();
        EntryHeader unsealed = new EntryHeader(
                EntryHeader.SUITE,
                place.log(),
                head == null ? 0 : head.sequence() + 1,
                head == null ? null : head.id(),
                author.record().id(),
                account,
                period,
                Math.max(0, clock.millis()),
                UNKNOWN,
                added,
                released,
                control);
        byte[] sealed = body.seal(unsealed.sealContext());
        var keys = new SigningKey[1 + cosigners.length];
        keys[0] = author.signingKey();
        for (int i = 0; i < cosigners.length; i++) {
            keys[i + 1] = cosigners[i].signingKey();
        }
        return Entry.sign(withBodyHash(unsealed, Hash.of(sealed)), sealed, keys);
    }

    private static EntryHeader withBodyHash(EntryHeader header, Hash bodyHash) {
        return new EntryHeader(
                header.suite(),
                header.log(),
                header.sequence(),
                header.previous(),
                header.author(),
                header.account(),
                header.period(),
                header.timeMs(),
                bodyHash,
                header.added(),
                header.released(),
                header.control());
    }
}
