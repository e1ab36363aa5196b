package coffer.core;

/// Every bound that a format or a protocol names, in one place with its reason (docs/spec/limits.md).
public final class Limits {

    /// One log entry: small enough to hold and check in memory many times over.
    public static final int ENTRY_BYTES_MAX = 1 << 20;

    /// The header of an entry with all its control fields: 200 wraps of about 1.2 kB and room.
    public static final int HEADER_BYTES_MAX = 512 << 10;

    /// Tree operations in one commit body.
    public static final int OPERATIONS_MAX = 50_000;

    /// A sealed body after decompression: what 50,000 operations with long names can need.
    public static final int BODY_BYTES_MAX = 16 << 20;

    /// Packs that one entry adds or releases.
    public static final int PACKS_PER_ENTRY_MAX = 4_096;

    /// Devices of one account; each needs one wrap in every generation entry.
    public static final int DEVICES_MAX = 100;

    /// Members of one vault; each needs one wrap in every epoch entry.
    public static final int MEMBERS_MAX = 100;

    /// One name, in bytes of UTF-8: what file systems hold.
    public static final int NAME_BYTES_MAX = 255;

    /// Folders inside folders.
    public static final int DEPTH_MAX = 256;

    /// The plaintext of one chunk.
    public static final int CHUNK_BYTES_MAX = 8 << 20;

    /// One pack as stored with a provider.
    public static final int PACK_BYTES_MAX = 64 << 20;

    /// Entries in one page of a log.
    public static final int PAGE_ENTRIES_MAX = 1_000;

    /// Bytes of one page of a log, unless a single entry is larger.
    public static final int PAGE_BYTES_MAX = 8 << 20;

    /// One wrapped message: a secret takes 1,168 bytes; room for a few of them together.
    public static final int WRAPPED_BYTES_MAX = 4 << 10;

    /// Chunks in one pack: small files make small chunks, and their index is held in memory.
    public static final int CHUNKS_PER_PACK_MAX = 65_536;

    /// Chunk ids in one list: in the body of a commit, or in one chunk of a manifest; 128 KiB of ids.
    public static final int CHUNKS_PER_LIST_MAX = 4_096;

    /// Lists above lists of chunks: 4,096 to the power of 4 chunks is more than any file.
    public static final int MANIFEST_DEPTH_MAX = 3;

    /// One file: 64 TiB, far above what the disks of devices hold and far below where arithmetic overflows.
    public static final long FILE_BYTES_MAX = 1L << 46;

    /// Target of a symbolic link, in bytes of UTF-8: what file systems hold.
    public static final int LINK_BYTES_MAX = 4_095;

    /// Heads of other logs that a commit tells of.
    public static final int KNOWN_HEADS_MAX = 1_024;

    /// Vaults of one account.
    public static final int VAULTS_MAX = 1_000;

    /// One item of a snapshot: a pack with all its chunks takes 3 MiB.
    public static final int SNAPSHOT_ITEM_BYTES_MAX = 4 << 20;

    /// Regions that a vault has left: its state names each, so that what still lies there is read.
    public static final int FORMER_REGIONS_MAX = 64;

    private Limits() {}
}
