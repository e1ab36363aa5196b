package coffer.device;

import coffer.core.CofferException;
import coffer.core.tlog.TileId;

/// Where the transparency log is read. What it answers is hostile input.
interface LogTiles {

    /// The signed note of the last checkpoint.
    byte[] checkpoint() throws CofferException;

    byte[] tile(TileId tile) throws CofferException;
}
