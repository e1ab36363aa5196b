package coffer.device.sync.plan;

/// What a node is. It never changes: a folder in the place of a file is another node.
public enum Kind {
    FILE,
    FOLDER,
    SYMLINK
}
