package coffer.device;

import coffer.core.CofferException;
import java.net.URI;

/// Says where packs of a region may be sent and read.
@FunctionalInterface
interface Places {

    /// What is about to happen there.
    enum Use {
        SEND,
        READ
    }

    /// @throws CofferException RESIDENCY if the address lies where no packs of the region belong
    void require(String region, URI address, Use use) throws CofferException;
}
