package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.NodeId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the other devices of the account when a synced folder was the same as the vault's, and reads what they tell
/// (docs/spec/agreed.md).
final class Agreements implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agreements.class);
    private static final String FOLDER = "/" + Contents.RESERVED + "/agreed";

    private final Contents contents;
    private final Replica replica;
    private final LogId vault;
    private final DeviceId own;
    private final Predicate<DeviceId> takesPart;
    private final Clock clock;
    private final Map<NodeId, AgreementNote.Agreement> news = new LinkedHashMap<>(); // guarded by this
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    /// What another device said of a folder.
    record Said(DeviceId device, AgreementNote.Agreement agreement) {}

    /// @param takesPart whether a device is one of the account now
    Agreements(
            Contents contents, Replica replica, LogId vault, DeviceId own, Predicate<DeviceId> takesPart, Clock clock) {
        this.contents = contents;
        this.replica = replica;
        this.vault = vault;
        this.own = own;
        this.takesPart = takesPart;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("agreements").start(this::run);
    }

    /// A folder is at rest with that state. Returns at once; it is told in the background, unless it has been.
    void rests(NodeId folder, Hash fingerprint) {
        synchronized (this) {
            news.put(folder, new AgreementNote.Agreement(fingerprint, clock.instant()));
        }
        wake.release();
    }

    private void run() {
        while (!closed) {
            try {
                wake.acquire();
                wake.drainPermits();
                tell();
            } catch (InterruptedException e) {
                return;
            } catch (CofferException e) {
                LOG.info("agreements wait to be told code={} reason={}", e.code(), e.reason());
            }
        }
    }

    private void tell() throws CofferException {
        Map<NodeId, AgreementNote.Agreement> folders = new LinkedHashMap<>(note(own).map(AgreementNote::folders).orElse(Map.of()));
        boolean any = false;
        synchronized (this) {
            for (Map.Entry<NodeId, AgreementNote.Agreement> one : news.entrySet()) {
                AgreementNote.Agreement told = folders.get(one.getKey());
                if (told == null || !told.fingerprint().equals(one.getValue().fingerprint())) {
                    folders.put(one.getKey(), one.getValue());
                    any = true;
                }
            }
            news.clear();
        }
        if (!any) {
            return;
        }
        while (folders.size() > AgreementNote.FOLDERS_MAX) {
            folders.remove(oldest(folders));
        }
        byte[] bytes = new AgreementNote(folders).encode();
        Instant now = clock.instant();
        contents.deposit(
                deposit -> deposit.put(FOLDER + "/" + own.hex(), now, bytes.length, () -> new ByteArrayInputStream(bytes)),
                Progress.SILENT);
    }

    private static NodeId oldest(Map<NodeId, AgreementNote.Agreement> folders) {
        return folders.entrySet().stream()
                .min(Comparator.comparing(one -> one.getValue().time()))
                .orElseThrow()
                .getKey();
    }

    /// What other devices said of a folder last; nothing of those whose note cannot be had now.
    List<Said> of(NodeId folder) throws CofferException {
        List<Contents.Item> files = new ArrayList<>();
        if (replica.read(vault, (tx, ref) -> new Nodes(tx, ref).find(NodeNames.split(FOLDER)) != null)) {
            contents.files(FOLDER, files::add);
        }
        List<Said> said = new ArrayList<>();
        for (Contents.Item file : files) {
            DeviceId device = device(file);
            if (device != null && !device.equals(own) && takesPart.test(device)) {
                note(device).map(note -> note.folders().get(folder)).ifPresent(one -> said.add(new Said(device, one)));
            }
        }
        return said;
    }

    private static @Nullable DeviceId device(Contents.Item file) {
        try {
            return DeviceId.ofHex(file.path().substring(file.path().lastIndexOf('/') + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// A device's note, if there is one that it wrote itself and that can be read now.
    private Optional<AgreementNote> note(DeviceId device) throws CofferException {
        Optional<Contents.Item> file = contents.find(FOLDER + "/" + device.hex());
        if (file.isEmpty() || file.get().size() > AgreementNote.BYTES_MAX || !isBy(device, file.get().version())) {
            return Optional.empty();
        }
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            contents.read(file.get().node(), 0, file.get().size(), out);
            return Optional.of(AgreementNote.decode(out.toByteArray()));
        } catch (CborException | CofferException e) {
            LOG.info("a note of agreements cannot be read device={} reason={}", device, e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isBy(DeviceId device, long version) throws CofferException {
        return replica.read(vault, (tx, ref) -> {
            Nodes.Author author = new Nodes(tx, ref).author(version);
            return author != null && author.device().equals(device);
        });
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
