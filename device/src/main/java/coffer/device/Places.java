package coffer.device;

import coffer.core.CofferException;
import java.net.URI;
import java.util.Set;

/// Says where packs of regions may be sent and read.
@FunctionalInterface
interface Places {

    /// What is about to happen there.
    enum Use {
        SEND,
        READ
    }

    /// @throws CofferException RESIDENCY if the address lies where no packs of these regions belong
    void require(Set<String> regions, URI address, Use use) throws CofferException;
}
