package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.RemoteVault.Batch;
import coffer.device.sync.RemoteVault.Changes;
import coffer.device.sync.RemoteVault.Upload;
import coffer.device.sync.RemoteVault.Uploaded;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.RemoteNode;
import coffer.seal.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The vault's side of a synced folder, on a replica.
class VaultFolderTest {

    @TempDir
    Path temp = Path.of("");

    private Path top = Path.of("");
    private Workbench bench;
    private DiskFolder disk;
    private VaultUploads uploads;
    private NodeId docs;
    private VaultFolder folder;

    @BeforeEach
    void open() throws CofferException, IOException {
        bench = new Workbench(temp, 1);
        top = Files.createDirectory(temp.resolve("top"));
        DiskMarker.write(top, "id");
        disk = new DiskFolder(top, "id", bench.vault::dedup, VaultFolder.source(bench.fetch), (_, _) -> false);
        uploads = new VaultUploads(bench.replica, bench.vault, bench.packs, disk.reader(), new Unreadable(), bench.ingest.one());
        bench.tree.makeFolder("/docs", false);
        docs = node("/docs");
        folder = new VaultFolder(
                bench.replica, bench.vault, docs, () -> {}, bench.fetch, uploads, disk.staging(), _ -> () -> {});
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private NodeId node(String path) throws CofferException {
        return bench.replica.read(bench.vault.id(), (tx, ref) -> new Nodes(tx, ref).require(path).id());
    }

    private static NodeId fresh() {
        return NodeId.of(RandomSource.secure().bytes(NodeId.SIZE));
    }

    private static Change.Put put(NodeId node, long version, NodeId parent, String name, Kind kind, ContentId content) {
        return new Change.Put(node, version, parent, name, kind, content, false, 7);
    }

    private List<NodeId> append(long position, Change... changes) throws CofferException {
        List<List<Change>> groups = new ArrayList<>();
        for (Change change : changes) {
            groups.add(List.of(change));
        }
        return folder.append(new Batch(position, groups));
    }

    private Upload upload(String name, String content) throws IOException, CofferException {
        Files.writeString(top.resolve(name), content);
        LocalPath path = LocalPath.TOP.child(name);
        return new Upload(fresh(), path, Objects.requireNonNull(disk.look(path)).stamp());
    }

    private static ContentId content(Uploaded uploaded) {
        return Objects.requireNonNull(uploaded.content());
    }

    private static List<String> names(Changes changes) {
        return changes.present().stream().map(RemoteNode::name).toList();
    }

    @Test
    void aFile_goesUp_isCommittedWithItsPack_andComesBackTheSame() throws IOException, CofferException {
        long position = folder.changes(-1).position();
        List<Uploaded> stored = folder.upload(List.of(upload("one", "first"), upload("two", "second"), upload("empty", "")));
        assertThat(stored).hasSize(3);
        assertThat(bench.packs.uploads).as("small files share packs").hasSizeLessThan(3);
        for (Uploaded one : stored) {
            NodeId id = one.upload().node();
            assertThat(append(position, put(id, 0, docs, one.upload().path().last(), Kind.FILE, content(one)))).isEmpty();
        }
        assertThat(bench.read("/docs/one")).asString().isEqualTo("first");
        Changes changes = folder.changes(position);
        assertThat(changes.whole()).isFalse();
        assertThat(names(changes)).containsExactlyInAnyOrder("one", "two", "empty");
        for (RemoteNode file : changes.present()) {
            folder.fetch(file);
            assertThat(disk.staged(file.content())).isNotZero();
            assertThat(file.content()).isEqualTo(disk.identify(
                    LocalPath.TOP.child(file.name()),
                    Objects.requireNonNull(disk.look(LocalPath.TOP.child(file.name()))).stamp()));
        }
    }

    @Test
    void aFileThatChanged_isNotStoredAsWhatItWas() throws IOException, CofferException {
        Upload old = upload("one", "first");
        upload("one", "other and longer");
        assertThat(folder.upload(List.of(old)).getFirst().content()).isNull();
    }

    @Test
    void changes_tellWhatCommitsNamed_andNothingElse() throws CofferException {
        for (int i = 0; i < 30; i++) {
            bench.tree.makeFolder("/docs/d" + i, false);
        }
        Changes all = folder.changes(-1);
        assertThat(all.whole()).isTrue();
        assertThat(all.present()).hasSize(30);
        assertThat(folder.changes(all.position()).present()).isEmpty();
        bench.tree.makeFolder("/docs/d3/new", false);
        bench.tree.move("/docs/d4", "/docs/moved");
        bench.tree.remove("/docs/d5");
        NodeId gone = all.present().stream().filter(node -> node.name().equals("d5")).findFirst().orElseThrow().id();
        Changes some = folder.changes(all.position());
        assertThat(some.whole()).isFalse();
        assertThat(names(some)).containsExactlyInAnyOrder("new", "moved");
        assertThat(some.gone()).containsExactly(gone);
    }

    @Test
    void aFolderThatComesIntoTheTree_bringsWhatIsInIt_alsoAfterItWasGone() throws CofferException {
        bench.tree.makeFolder("/else/in/deep", true);
        Changes before = folder.changes(-1);
        bench.tree.move("/else", "/docs");
        Changes come = folder.changes(before.position());
        assertThat(names(come)).containsExactly("else", "in", "deep");
        bench.tree.remove("/docs/else");
        Changes gone = folder.changes(come.position());
        assertThat(gone.gone()).hasSize(1);
        bench.tree.restoreTrashed(gone.gone().getFirst().hex());
        assertThat(names(folder.changes(gone.position()))).containsExactly("else", "in", "deep");
    }

    @Test
    void aVaultFolderInTheTrash_isNotAnEmptyOne() throws CofferException {
        folder.changes(-1);
        bench.tree.remove("/docs");
        assertThatThrownBy(() -> folder.changes(-1)).isInstanceOf(CofferException.class);
    }

    @Test
    void append_refusesWhatDoesNotFitTheNewestState() throws CofferException {
        bench.tree.makeFolder("/docs/a", false);
        Changes known = folder.changes(-1);
        RemoteNode a = known.present().getFirst();
        bench.tree.move("/docs/a", "/docs/b");
        NodeId other = fresh();
        Change stale = put(a.id(), a.version(), docs, "c", Kind.FOLDER, ContentId.NONE);
        Change taken = put(other, 0, docs, "b", Kind.FOLDER, ContentId.NONE);
        assertThat(append(known.position(), stale, taken)).containsExactlyInAnyOrder(a.id(), other);
        assertThat(bench.paths()).containsExactlyInAnyOrder("/docs", "/docs/b");
        NodeId fine = fresh();
        NodeId below = fresh();
        assertThat(append(
                        known.position(),
                        put(fine, 0, docs, "fine", Kind.FOLDER, ContentId.NONE),
                        put(below, 0, fine, "below", Kind.FOLDER, ContentId.NONE)))
                .isEmpty();
        assertThat(bench.paths()).contains("/docs/fine/below");
    }

    @Test
    void append_ofAGroup_isWholeOrNot() throws CofferException {
        bench.tree.makeFolder("/docs/a", false);
        bench.tree.makeFolder("/docs/b", false);
        Changes known = folder.changes(-1);
        RemoteNode a = known.present().get(0);
        RemoteNode b = known.present().get(1);
        Change aside = put(a.id(), a.version(), docs, "aside", Kind.FOLDER, ContentId.NONE);
        Change toA = put(b.id(), b.version(), docs, a.name(), Kind.FOLDER, ContentId.NONE);
        Change toB = put(a.id(), a.version(), docs, b.name(), Kind.FOLDER, ContentId.NONE);
        Change wrong = put(a.id(), a.version() + 1, docs, b.name(), Kind.FOLDER, ContentId.NONE);
        assertThat(folder.append(new Batch(known.position(), List.of(List.of(aside, toA, wrong))))).isNotEmpty();
        assertThat(folder.changes(known.position()).present()).isEmpty();
        assertThat(folder.append(new Batch(known.position(), List.of(List.of(aside, toA, toB))))).isEmpty();
        assertThat(node("/docs/" + a.name())).isEqualTo(b.id());
        assertThat(node("/docs/" + b.name())).isEqualTo(a.id());
    }

    @Test
    void append_removesNoFolder_inWhichAnotherDeviceDidSomething() throws CofferException {
        bench.tree.makeFolder("/docs/a/in", true);
        Changes known = folder.changes(-1);
        NodeId a = node("/docs/a");
        bench.tree.makeFolder("/docs/a/in/new", false);
        assertThat(append(known.position(), new Change.Remove(a))).containsExactly(a);
        assertThat(append(folder.changes(known.position()).position(), new Change.Remove(a))).isEmpty();
        assertThat(bench.paths()).containsExactly("/docs");
    }

    @Test
    void whatANewEpochMakesUnusable_isStoredAgain() throws IOException, CofferException {
        long position = folder.changes(-1).position();
        Uploaded stored = folder.upload(List.of(upload("one", "first"))).getFirst();
        bench.vault.nextEpoch();
        assertThat(append(position, put(stored.upload().node(), 0, docs, "one", Kind.FILE, content(stored)))).isEmpty();
        assertThat(bench.read("/docs/one")).asString().isEqualTo("first");
    }

    @Test
    void aCommitOfMoreThanAnEntryHolds_isSeveral() throws CofferException {
        long position = folder.changes(-1).position();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            changes.add(put(fresh(), 0, docs, "a long name of a folder, again and again, number " + i, Kind.FOLDER, ContentId.NONE));
        }
        assertThat(append(position, changes.toArray(Change[]::new))).isEmpty();
        assertThat(folder.changes(position).present()).hasSize(5_000);
        assertThat(bench.vault.bodyBytesMax).isLessThan(900 << 10);
    }
}
