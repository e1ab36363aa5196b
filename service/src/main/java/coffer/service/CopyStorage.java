package coffer.service;

import coffer.core.LogId;
import coffer.core.PackId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Keeps providers and where the copies of packs are (docs/spec/placement.md): for each holding of a vault, its providers.
///
/// An object is written only after a copy was announced and deleted only after a copy was taken out of use, and both are
/// refused while the other is under way for the same pack and provider, whichever vault it is for. So a crash leaves
/// waste at worst, which the next run finds.
interface CopyStorage {

    /// Holdings that count, live or released, with a number greater than `after`, in order.
    List<Holding> holdings(long after, int countMax) throws StorageException;

    /// Copies held by the provider that were last proven before the given time, oldest first.
    List<Due> unproven(String provider, Instant before, int countMax) throws StorageException;

    /// Announces that a copy is about to be written. False if the holding is gone, or the object is just being deleted.
    boolean announce(long number, String provider, Instant now) throws StorageException;

    /// The copy is there and was read back. False if the holding is gone or the copy was not announced.
    boolean proven(long number, String provider, Instant now) throws StorageException;

    /// The copy is not there or is not what it should be: nobody is sent to it any more, until it is proven again.
    void damaged(long number, String provider) throws StorageException;

    /// Takes a copy out of use, if the holding has another that is held. Its object stays until [#takeLeft].
    boolean leave(long number, String provider, Instant now) throws StorageException;

    /// A provider is gone for good: its copies are struck off wherever the holding has another that is held.
    ///
    /// @return how many holdings have no other, and keep theirs
    long abandon(String provider) throws StorageException;

    /// Copies that were taken out of use before the given time and whose objects nobody else relies on: to be deleted, then
    /// [#gone]. The same are given again until then.
    List<Left> takeLeft(Instant before, int countMax) throws StorageException;

    /// The object is deleted.
    void gone(Left copy) throws StorageException;

    /// Keeps the settings of a provider that the operator added, in place of those it had.
    void keepProvider(String id, Map<String, String> settings) throws StorageException;

    /// The settings of all providers that the operator added, by id.
    SortedMap<String, Map<String, String>> keptProviders() throws StorageException;

    /// What each provider has, in order of provider and state.
    List<Amount> amounts() throws StorageException;

    /// What each provider has of one vault, reservations and what is to be deleted included, in order of provider and state.
    List<Amount> amounts(LogId vault) throws StorageException;

    /// Numbers are part of the stored form.
    enum CopyState {
        /// Given to devices.
        HELD(0),
        /// Not given to devices any more.
        LEAVING(1),
        /// Its object is being deleted.
        DELETING(2),
        /// Was found missing or wrong.
        DAMAGED(3),
        /// Being written by this service.
        COMING(4);

        private final int code;

        CopyState(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static CopyState of(int code) {
            for (CopyState state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            throw new IllegalArgumentException("unknown copy state");
        }
    }

    /// @param proven when this service last read all of it and found it right; the epoch if never
    record Copy(String provider, CopyState state, Instant proven) {}

    record Holding(long number, LogId vault, PackId pack, long size, List<Copy> copies) {
        public Holding {
            copies = List.copyOf(copies);
        }

        /// Providers of the copies in that state.
        List<String> in(CopyState state) {
            return copies.stream().filter(copy -> copy.state() == state).map(Copy::provider).toList();
        }
    }

    record Due(long number, PackId pack, long size, Instant proven) {}

    record Left(long number, PackId pack, String provider) {}

    /// @param oldest when the copy was proven that waits longest; the epoch if one never was
    record Amount(String provider, CopyState state, long copies, long bytes, Instant oldest) {}
}
