package coffer.device;

import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.CopyCount;
import coffer.core.api.DownloadPlan;
import coffer.core.api.HeadEvent;
import coffer.core.api.ServiceInfo;
import coffer.core.api.UploadPlan;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// What a device asks of the service. Whatever it answers is hostile input: decoded strictly here, verified by the
/// caller.
///
/// Every method may throw UNAVAILABLE (network, overload, restart), PROTOCOL (nonsense), QUOTA or LIMIT.
interface ServiceApi extends AutoCloseable {

    /// What became of an append.
    sealed interface Appended {
        record Accepted() implements Appended {}

        /// Something else stands there, or will: read on from `head` and try again.
        record Conflict(Head head) implements Appended {}
    }

    ServiceInfo info() throws CofferException;

    /// Which certificates are taken from it, and from where it sends this device.
    default ServiceTrust trust() {
        return ServiceTrust.PLATFORM;
    }

    /// Appends at the entry's own sequence. UNAVAILABLE leaves it open whether it was stored: the caller reads back.
    Appended append(LogId log, Entry entry) throws CofferException;

    Head head(LogId log) throws CofferException;

    /// One page of entries from `from` on; empty at the end. Without `bodies`, commits and snapshots come bare.
    List<Entry> entries(LogId log, long from, boolean bodies) throws CofferException;

    /// Vaults that the service says this account is a member of: a hint, never believed.
    List<LogId> vaults() throws CofferException;

    List<UploadPlan> uploads(LogId vault, List<PackRef> packs, Set<String> avoid) throws CofferException;

    List<DownloadPlan> downloads(LogId vault, List<PackId> packs) throws CofferException;

    /// Which of the packs the service's providers say they hold.
    Set<PackId> stored(LogId vault, List<PackRef> packs) throws CofferException;

    /// How many copies of the vault's packs the service says there are with each provider, those to be deleted included.
    List<CopyCount> copies(LogId vault) throws CofferException;

    /// Puts a message into a pairing mailbox; each slot takes one.
    void putMail(String mailbox, int slot, byte[] message) throws CofferException;

    /// Waits up to `wait` for a message.
    Optional<byte[]> mail(String mailbox, int slot, Duration wait) throws CofferException;

    /// Calls `listener` for every new head until closed; reconnects by itself.
    AutoCloseable listen(Consumer<HeadEvent> listener);

    @Override
    void close();
}
