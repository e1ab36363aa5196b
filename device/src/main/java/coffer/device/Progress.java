package coffer.device;

/// Where long work says how far it is, and learns that nobody wants it any more. Called from many threads.
public interface Progress {

    /// What the two numbers count.
    enum Unit {
        BYTES,
        FILES,
        ENTRIES,
        PACKS,
        CALLS
    }

    /// Says how far the work is; `total` is -1 while it is not known. Cheap enough to call for every file.
    void update(String label, long done, long total, Unit unit);

    /// True once the person has gone; the work then ends soon, leaving everything as safe as a crash would.
    boolean cancelled();

    /// Says nothing and never ends the work.
    Progress SILENT = new Progress() {
        @Override
        public void update(String label, long done, long total, Unit unit) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };
}
