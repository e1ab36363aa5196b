package coffer.device;

import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.CopyCount;
import coffer.core.api.DownloadCopy;
import coffer.core.api.DownloadPlan;
import coffer.core.api.HeadEvent;
import coffer.core.api.ServiceInfo;
import coffer.core.api.ServiceLimits;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadPlan;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A service that grants two copies of every pack at one provider, and does nothing else.
class GrantingService implements ServiceApi {

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<Set<String>> avoided = Collections.synchronizedList(new ArrayList<>());
    int uploadsAsked;
    /// Whether both copies have one address and differ in what their query names.
    boolean oneAddress;
    private final String provider;

    GrantingService(String provider) {
        this.provider = provider;
    }

    @Override
    public List<UploadPlan> uploads(LogId vault, List<PackRef> packs, Set<String> avoid) {
        uploadsAsked++;
        avoided.add(Set.copyOf(avoid));
        long expires = System.currentTimeMillis() + 600_000;
        return packs.stream()
                .map(pack -> new UploadPlan(pack.id().hex(), List.of(upload(pack, 0, expires), upload(pack, 1, expires))))
                .toList();
    }

    private UploadCopy upload(PackRef pack, int copy, long expires) {
        String url = oneAddress
                ? provider + "/" + pack.id().hex() + "?provider=" + copy + "&grant=" + uploadsAsked
                : provider + "/" + copy + "/" + pack.id().hex() + "?grant=" + uploadsAsked;
        return new UploadCopy(provider, "PUT", url, Map.of("X-Grant", "yes", "Content-Length", "" + pack.size()), expires);
    }

    @Override
    public List<DownloadPlan> downloads(LogId vault, List<PackId> packs) {
        long expires = System.currentTimeMillis() + 600_000;
        return packs.stream()
                .map(pack -> new DownloadPlan(pack.hex(), List.of(download(pack, 0, expires), download(pack, 1, expires))))
                .toList();
    }

    private DownloadCopy download(PackId pack, int copy, long expires) {
        return new DownloadCopy(provider, provider + "/" + copy + "/" + pack.hex(), Map.of(), expires);
    }

    @Override
    public ServiceInfo info() {
        return new ServiceInfo("test", "1", 0, new ServiceLimits(1, 1, 1, 256, 1, 1), List.of(), "");
    }

    @Override
    public Set<PackId> stored(LogId vault, List<PackRef> packs) {
        return Set.of();
    }

    @Override
    public Appended append(LogId log, Entry entry) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Head head(LogId log) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Entry> entries(LogId log, long from, boolean bodies) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<LogId> vaults() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<CopyCount> copies(LogId vault) {
        return List.of();
    }

    @Override
    public void putMail(String mailbox, int slot, byte[] message) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<byte[]> mail(String mailbox, int slot, Duration wait) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AutoCloseable listen(Consumer<HeadEvent> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
