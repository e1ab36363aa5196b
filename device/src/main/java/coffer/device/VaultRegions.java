package coffer.device;

import coffer.core.CofferException;
import coffer.core.log.Residence;
import coffer.core.log.VaultState;
import java.util.HashSet;
import java.util.Set;

/// In which regions the packs of a vault may lie, by its own verified log.
interface VaultRegions {

    Residence now();

    /// Reads on in the vault's log: another device may have moved it.
    void refresh() throws CofferException;

    /// Of a vault whose log is followed.
    static VaultRegions of(Vault vault) {
        return new VaultRegions() {
            @Override
            public Residence now() {
                return vault.state().residence();
            }

            @Override
            public void refresh() throws CofferException {
                vault.refresh();
            }
        };
    }

    /// Of a vault in one state.
    static VaultRegions of(VaultState state) {
        return new VaultRegions() {
            @Override
            public Residence now() {
                return state.residence();
            }

            @Override
            public void refresh() {}
        };
    }

    /// To which packs are sent: the present one alone.
    default Set<String> sending() {
        return Set.of(now().region());
    }

    /// From which packs are read: also those that the vault has left, until all is moved.
    default Set<String> reading() {
        Set<String> regions = new HashSet<>(now().former());
        regions.add(now().region());
        return regions;
    }
}
