package coffer.device;

import coffer.core.CofferException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// One device of one account, at work: what its faces (local API, pages) may ask of it.
///
/// Vault paths are absolute, `/`-separated, and name nodes of the Home vault; `/` is its root. Every method may be
/// called from any thread; methods that change the vault wait for each other. Errors are [CofferException]s whose
/// code says what is safe.
public interface Device extends AutoCloseable {

    /// One entry of a folder, or a file.
    ///
    /// @param path    absolute path in the vault
    /// @param kind    file, folder or symlink
    /// @param size    bytes of a file's content; 0 for others
    /// @param nodeId  hex id of the node
    /// @param version sequence of the log entry that made this state
    /// @param device  name of the device that made it
    record NodeInfo(
            String path,
            NodeKind kind,
            long size,
            Instant modified,
            boolean executable,
            String nodeId,
            long version,
            String device) {}

    enum NodeKind {
        FILE,
        FOLDER,
        SYMLINK
    }

    /// Which bytes of a file.
    ///
    /// @param version of the state that this entry of the log made; of the present one if empty
    /// @param from    the first byte; past the end there is nothing
    /// @param length  at most so many bytes
    record Piece(Optional<Long> version, long from, long length) {

        public static final Piece ALL = new Piece(Optional.empty(), 0, Long.MAX_VALUE);

        public Piece {
            if (from < 0 || length < 0) {
                throw new IllegalArgumentException("a piece begins at or after 0 and has a length");
            }
        }
    }

    /// One thing that could not be done while the rest went on. `where` is a local or vault path shown to the person
    /// who asked, never logged.
    record Problem(String where, String code, String message) {}

    /// @param sentBytes  bytes of packs sent to providers by this call
    /// @param newBytes   plaintext bytes that no earlier chunk held
    record PutReport(
            long files, long folders, long bytes, long newBytes, long sentBytes, long unchanged, List<Problem> problems) {}

    record GetReport(long files, long folders, long bytes, long alreadyThere, List<Problem> problems) {}

    /// @param deleted when the node went to the trash; empty for a version that is still live
    record Version(
            long version, Instant time, String device, String path, long size, boolean current, Optional<Instant> deleted) {}

    record TrashItem(String nodeId, String path, NodeKind kind, long size, Instant deleted, Instant expires, String device) {}

    /// @param role full, read-only or append-only
    record DeviceInfo(String id, String name, String role, Instant added, boolean active, boolean self) {}

    /// One key that could open the vault today.
    ///
    /// @param holder  device name, or "recovery words"
    /// @param since   when it was granted
    /// @param entry   log id and sequence of the entry that granted it
    record KeyHolder(String holder, String keyId, Instant since, String entry) {}

    /// @param frozen   the code that froze writing, if any
    record LogStatus(String logId, String kind, long sequence, String head, Optional<String> frozen) {}

    /// How many bytes per second all packs together may be sent, and received, with; 0 for no limit.
    record Limits(long up, long down) {}

    record Status(
            String accountId,
            String deviceName,
            String deviceId,
            String service,
            boolean online,
            List<LogStatus> logs,
            long files,
            long bytes,
            long packs,
            long packBytes,
            long pendingUploads,
            boolean rotationPending,
            Limits limits,
            List<SyncInfo> syncs,
            List<Problem> problems) {}

    /// What this device knows of whether the recovery words are still at hand.
    ///
    /// @param places  of the two words that it can tell by themselves, from 1; empty if it can tell all 24 only
    /// @param checked when they were last right
    /// @param due     whether it is time to look for them again
    record RecoveryCheck(List<Integer> places, Optional<Instant> checked, boolean due) {

        public RecoveryCheck {
            places = List.copyOf(places);
        }
    }

    record VerifyReport(long entries, long packs, long packBytes, long chunks, long files, List<Problem> problems) {}

    /// What a replay of the whole transparency log found to be in order.
    ///
    /// @param key      by which the checkpoint is signed, `name+id+key`
    /// @param size     entries
    /// @param tiles    of hashes, all compared
    /// @param heads    entries of any account's log
    /// @param ownHeads of this account's log, found and right
    record LogReport(
            String key,
            long size,
            String root,
            long tiles,
            long regions,
            long providers,
            long heads,
            long ownHeads,
            List<Problem> problems) {}

    /// One statement of the transparency log.
    ///
    /// @param kind  what sort of statement, in one word or two
    /// @param time  the operator's claim; empty for heads of accounts' logs
    /// @param about which region or provider; empty for others
    /// @param own   whether it is of this account's own log
    record LogStatement(long index, String kind, Optional<Instant> time, String about, String words, boolean own) {}

    /// Copies at one place.
    ///
    /// @param provider id; several joined by " or " where they answer at one origin; empty if the transparency log knows none
    /// @param copies   of packs, as the service says
    /// @param proven   how many of them this device has read whole and found right
    /// @param since    when it read the one among those that it read longest ago
    record CopyPlace(
            String provider,
            String owner,
            String region,
            String state,
            String origin,
            long copies,
            long bytes,
            long proven,
            Optional<Instant> since) {}

    /// Copies of the vault's packs with a provider of a region that the vault has left, as the service says.
    ///
    /// @param used    that devices still read
    /// @param leaving that nobody is sent to any more, and that wait to be deleted
    /// @param bytes   of both
    record LeftCopies(String provider, String owner, String region, long used, long leaving, long bytes) {}

    /// @param region  where the vault's packs are to lie
    /// @param packs   from which the path is read
    /// @param without packs of which the service knows no copy; offline, of which this device has read no copy
    /// @param former  regions that the vault has left
    /// @param left    what is still there of the whole vault
    /// @param online  whether the service was asked; else places are where this device has read copies itself
    /// @param read    when the transparency log, which says whose a place is, was last read to its end
    record WhereReport(
            String path,
            String region,
            long packs,
            long bytes,
            long without,
            List<CopyPlace> places,
            List<String> former,
            List<LeftCopies> left,
            boolean online,
            Optional<Instant> read,
            List<Problem> problems) {}

    /// A region that the transparency log names.
    ///
    /// @param providers that take packs
    /// @param owners    of those, each of which gets one copy of a pack at most
    /// @param copies    of each pack, where the operator has stated it
    record RegionChoice(
            String id, String name, String jurisdiction, long providers, long owners, Optional<Integer> copies) {}

    /// A provider as the verified transparency log has it.
    ///
    /// @param state  of being looked at, used or gone, as a word
    /// @param share  of its region's new packs, in per-mille
    /// @param since  when its state began, as claimed
    /// @param passed whether its last evaluation did
    /// @param report SHA-256 of the report of its last evaluation, in hexadecimal; empty if there is none
    record ProviderStanding(
            String id,
            String owner,
            String region,
            String state,
            int share,
            String reason,
            Instant since,
            boolean passed,
            Optional<String> report) {}

    /// Where the vault's packs are to lie, by its signed log, and where they could.
    ///
    /// @param entry   sequence of the entry that chose it
    /// @param since   when that was made, by its author's claim
    /// @param device  name of its author
    /// @param former  regions that the vault has left
    /// @param left    what is still there; nothing if it is empty and `online`
    /// @param read    when the transparency log was last read to its end
    record RegionReport(
            String region,
            long entry,
            Instant since,
            String device,
            List<RegionChoice> regions,
            List<ProviderStanding> standing,
            List<String> former,
            List<LeftCopies> left,
            boolean online,
            Optional<Instant> read,
            List<Problem> problems) {}

    record CollectReport(long packsReleased, long bytesReleased, long packsKept) {}

    enum SyncState {
        /// Both sides were looked at and are the same.
        UP_TO_DATE,
        STARTING,
        LOOKING,
        SENDING,
        RECEIVING,
        /// Something differs and waits, say for a file to be quiet.
        WAITING,
        /// The service cannot be reached; local changes wait.
        OFFLINE,
        PAUSED,
        /// So much would be removed or changed that a person has to agree.
        ASKING,
        /// The folder, or its disk, is not there.
        MISSING,
        /// The folder bears another's mark.
        FOREIGN,
        /// It is tried again; the problems say why it failed.
        FAILING
    }

    /// A folder that is kept the same as one of the vault.
    ///
    /// @param folder   on this device
    /// @param path     in the vault
    /// @param sending  items whose state here goes to the vault
    /// @param waiting  items that differ and wait
    /// @param question what a person has to agree to first
    /// @param agreed   when both sides were last known to be the same
    /// @param leftOut  what a person has left out on this device
    record SyncInfo(
            String folder,
            String path,
            SyncState state,
            long sending,
            long receiving,
            long waiting,
            Optional<String> question,
            Optional<Instant> agreed,
            List<LeftOut> leftOut,
            List<Problem> problems) {}

    /// What another device said last of a folder that is synced here too.
    ///
    /// @param folder on this device
    /// @param device its name
    /// @param time   when it was the same there as in the vault, by that device's clock
    /// @param same   whether that is the state that the vault has now, as far as this device knows
    record PeerAgreement(String folder, String device, Instant time, boolean same) {}

    /// A folder of the vault that is not kept in a synced folder of this device.
    ///
    /// @param path  below the synced folder, by its names in the vault
    /// @param stays whether something is on this device in its place: it was not the same as in the vault, or is ignored, or has
    ///              come since
    record LeftOut(String path, boolean stays) {}

    /// One step that would be done now.
    record SyncStep(String what, String where) {}

    /// Two devices changed one thing: both are kept.
    ///
    /// @param kept path of the copy
    /// @param with path of what it was in conflict with; empty if that is gone
    record ConflictInfo(String kept, String with, Instant time) {}

    /// Where a rewind goes back to.
    sealed interface RewindTo {
        /// The last entry that was there at that time.
        record Time(Instant time) implements RewindTo {}

        record Version(long version) implements RewindTo {}
    }

    /// A state of the vault: the one after an entry of its log.
    ///
    /// @param version sequence of the entry
    /// @param time    when it was made, as far as its author's claim can be believed
    /// @param device  name of its author
    /// @param newest  sequence of the newest entry; what comes after it is left alone
    record RewindPoint(long version, Instant time, String device, long newest) {}

    /// @param restored what comes back, from the trash mostly
    /// @param changed  what gets its former content
    /// @param moved    what gets its former name and place alone
    /// @param removed  what goes to the trash, because it has come since
    /// @param problems what could not be put back
    record RewindReport(
            RewindPoint point, long restored, long changed, long moved, long removed, List<Problem> problems) {}

    /// A code that lets one new device join, once, for ten minutes.
    record Invitation(String code, Instant expires) {}

    /// A device that has entered the code and waits for a yes.
    record JoinRequest(String name, String deviceId) {}

    Status status() throws CofferException;

    PutReport put(List<Path> sources, String destination, Progress progress) throws CofferException;

    /// Writes the node at `path`, with what is in it, into `directory`; files already there with the same content are
    /// left alone, other ones are never overwritten unless `overwrite`.
    GetReport get(String path, Path directory, boolean overwrite, Progress progress) throws CofferException;

    /// Writes a file's content to `out`, which stays open.
    default void read(String path, OutputStream out) throws CofferException {
        read(path, Piece.ALL, out);
    }

    /// Writes a piece of a file's content to `out`, which stays open; fetches no more than that piece needs.
    void read(String path, Piece piece, OutputStream out) throws CofferException;

    /// The node at `path` itself.
    NodeInfo node(String path) throws CofferException;

    /// Files and folders that are not in the trash and whose names hold every word of `words`, whatever the case; at most
    /// `max`, in no order that means anything. Looks at this device's replica alone.
    List<NodeInfo> search(String words, int max) throws CofferException;

    /// Gives the entries of a folder by name, or the one file, to `each`; with `recursive`, everything below, a folder
    /// before what is in it. One by one, so that a vault of a million files is listed in little memory.
    void list(String path, boolean recursive, Consumer<NodeInfo> each) throws CofferException;

    default List<NodeInfo> list(String path, boolean recursive) throws CofferException {
        List<NodeInfo> nodes = new ArrayList<>();
        list(path, recursive, nodes::add);
        return List.copyOf(nodes);
    }

    void makeFolder(String path, boolean parents) throws CofferException;

    void move(String from, String to) throws CofferException;

    /// Moves to the trash, with everything below.
    void remove(String path) throws CofferException;

    List<Version> history(String path) throws CofferException;

    /// Makes the state of `version` current again.
    void restoreVersion(String path, long version) throws CofferException;

    List<TrashItem> trash() throws CofferException;

    /// Puts a trashed node back where it was, or under another name where that is taken; returns its path.
    String restoreTrashed(String nodeId) throws CofferException;

    /// Removes from the trash what `nodeId` names, or everything if empty.
    long emptyTrash(Optional<String> nodeId) throws CofferException;

    /// Finds a state to go back to.
    RewindPoint rewindPoint(RewindTo to) throws CofferException;

    /// Puts what is at or below `path` back as it was, by new commits. Nothing is forgotten: what is replaced becomes
    /// history, and what has come since goes to the trash. Gives each thing that differs to `each`.
    ///
    /// @param dryRun only says what it would do
    RewindReport rewind(String path, RewindPoint point, boolean dryRun, Consumer<SyncStep> each, Progress progress)
            throws CofferException;

    /// Checks the logs and that every pack is stored; with `full`, reads and opens every chunk.
    VerifyReport verify(boolean full, Progress progress) throws CofferException;

    List<KeyHolder> who() throws CofferException;

    /// Writes the whole vault in open form: files as files, and a manifest with times, versions and hashes.
    GetReport export(Path directory, Progress progress) throws CofferException;

    /// Saves the raw logs, one `*.cofferlog` file each, for `coffer rebuild`.
    int saveLogs(Path directory) throws CofferException;

    /// Which providers hold the packs of what is at `path`.
    WhereReport where(String path, Progress progress) throws CofferException;

    RegionReport regions() throws CofferException;

    /// Chooses another region for the vault; false if it was the present one. The service then moves what is stored, and
    /// devices read it in either region until that is done.
    ///
    /// @throws CofferException NOT_AUTHORISED unless this is a full device of the owner; LOCAL if there is no such region;
    ///     RESIDENCY if nothing could be stored there
    boolean chooseRegion(String region) throws CofferException;

    /// A person has seen that the service had gone back and has everything again; returns how many logs that was said of.
    long seen() throws CofferException;

    /// Replays the service's whole transparency log as it is served.
    LogReport auditLog(Progress progress) throws CofferException;

    /// The statements of the transparency log, as this device has verified them.
    List<LogStatement> logStatements() throws CofferException;

    /// Releases packs that nothing needs any more.
    CollectReport collect(Progress progress) throws CofferException;

    /// Writes a snapshot now, so that new devices start from it.
    long snapshot(Progress progress) throws CofferException;

    Invitation invite() throws CofferException;

    /// Waits until a device has used the invitation, or the invitation ends.
    Optional<JoinRequest> awaitJoinRequest(Progress progress) throws CofferException;

    /// Lets the waiting device of that name in.
    void approve(JoinRequest request) throws CofferException;

    List<DeviceInfo> devices() throws CofferException;

    /// Removes the device and rotates every key it knew.
    void removeDevice(String name) throws CofferException;

    /// Begins to keep a folder the same as a folder of the vault; makes either where it is missing.
    SyncInfo sync(Path folder, String path) throws CofferException;

    List<SyncInfo> syncs() throws CofferException;

    /// When other devices last had the synced folders as the vault has them, as they say; of those that have said it and
    /// whose word can be read now.
    List<PeerAgreement> peerAgreements() throws CofferException;

    void pauseSync(Path folder, boolean paused) throws CofferException;

    /// Agrees to what a synced folder asks now; false if it asks nothing.
    boolean approveSync(Path folder) throws CofferException;

    /// What would be done now; nothing is.
    List<SyncStep> previewSync(Path folder) throws CofferException;

    /// Leaves subfolders out of a synced folder on this device and takes others in again; nothing changes in the vault. Paths are
    /// below the folder, by their names in the vault. With neither, only tells what is left out.
    ///
    /// What other devices stored of a subfolder is read back from the vault before it is left out; nothing is done if it does not open.
    SyncInfo chooseSync(Path folder, List<String> without, List<String> with, Progress progress) throws CofferException;

    /// Ends the syncing of a folder; both sides keep what they have.
    void removeSync(Path folder) throws CofferException;

    Limits limits() throws CofferException;

    RecoveryCheck recovery() throws CofferException;

    /// Checks the two words at [RecoveryCheck#places], or all 24, and notes that they were right.
    ///
    /// @throws CofferException ENROLMENT if they are not the account's
    RecoveryCheck checkRecovery(String words) throws CofferException;


    /// Counts from now on, also for transfers under way, and is kept.
    void limit(Limits limits) throws CofferException;

    /// Conflicts of synced folders whose copies are still there, latest first.
    List<ConflictInfo> conflicts() throws CofferException;

    /// Fetches and verifies what is new; returns how many entries were applied.
    long refresh() throws CofferException;

    /// The files by what is in them; only where the vault itself is, not for a device behind an agent.
    default Optional<Contents> contents() {
        return Optional.empty();
    }

    @Override
    void close();
}
