package coffer.device;

import coffer.core.LogId;
import coffer.core.log.VaultState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Transfers for the one snapshot that a new device reads; closed with it.
final class SnapshotPacks implements AutoCloseable {

    /// Shorter than for content: without the snapshot the device has another way.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ServiceApi service;
    private final Places places;
    private final LogId vault;
    private @Nullable Transfers open;

    SnapshotPacks(ServiceApi service, Places places, LogId vault) {
        this.service = service;
        this.places = places;
        this.vault = vault;
    }

    /// Transfers for a vault in that state.
    PackTransfer in(VaultState state) {
        close();
        Transfers transfers = new Transfers(service, places, vault, VaultRegions.of(state), PATIENCE, Bandwidth.unlimited());
        open = transfers;
        return transfers;
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
