package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.SyncStore;
import coffer.device.sync.plan.Base;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.Stamp;
import coffer.device.sync.plan.SyncedNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncDbTest {

    @TempDir
    Path folder = Path.of("");

    private static NodeId id(int number) {
        byte[] bytes = new byte[NodeId.SIZE];
        bytes[0] = (byte) number;
        return NodeId.of(bytes);
    }

    private static SyncedNode item(int number, String name, boolean agreed) {
        Base base = new Base(id(0), name, name, new ContentId(Bytes.ofHex("0102")), true);
        Stamp stamp = new Stamp(number, 2, 3, 4);
        return new SyncedNode(
                id(number), id(0), name, Kind.FILE, stamp, agreed ? base : null, agreed ? null : base, agreed ? null : stamp,
                agreed ? base : null, agreed ? number + 100 : 0);
    }

    private SyncDb open() throws CofferException {
        return SyncDb.open(folder.resolve("sync.db"));
    }

    @Test
    void folders_areThereAfterReopening() throws CofferException {
        SyncDb.Folder kept = new SyncDb.Folder("a", Path.of("/x"), id(1), false);
        SyncDb.Folder paused = new SyncDb.Folder("b", Path.of("/y"), id(2), true);
        try (SyncDb db = open()) {
            db.put(kept);
            db.put(new SyncDb.Folder("b", Path.of("/y"), id(2), false));
            db.put(paused);
        }
        try (SyncDb db = open()) {
            assertThat(db.folders()).containsExactly(kept, paused);
            db.remove("a");
            assertThat(db.folders()).containsExactly(paused);
        }
    }

    @Test
    void whatAFolderRemembers_isThereAfterReopening_andItsOwn() throws CofferException {
        SyncStore.Conflict conflict = new SyncStore.Conflict(id(8), id(9), 5);
        try (SyncDb db = open()) {
            SyncStore store = db.store("a", () -> {});
            store.write(new SyncStore.Write(List.of(), List.of(item(1, "one", true), item(2, "two", false)), List.of(conflict)));
            store.write(new SyncStore.Write(List.of(id(1), id(2)), List.of(item(2, "new", true), item(3, "ü\ud83d\ude00", false)), List.of()));
        }
        try (SyncDb db = open()) {
            SyncStore store = db.store("a", () -> {});
            assertThat(store.load()).containsExactlyInAnyOrder(item(2, "new", true), item(3, "ü\ud83d\ude00", false));
            assertThat(store.conflicts()).containsExactly(conflict);
            assertThat(db.store("b", () -> {}).load()).isEmpty();
            assertThat(db.remembers("a", id(0), List.of("new"))).isTrue();
            assertThat(db.remembers("a", id(0), List.of("one"))).isFalse();
            assertThat(db.remembers("a", item(2, "new", true).stamp().fileId())).isTrue();
            assertThat(db.remembers("a", 987_654)).isFalse();
            assertThat(db.remembers("b", item(2, "new", true).stamp().fileId())).isFalse();
        }
    }

    @Test
    void whatIsLeftOut_isThereAfterReopening_withWhatWasWrittenWithIt_andGoesWithItsFolder() throws CofferException {
        try (SyncDb db = open()) {
            SyncStore store = db.store("a", () -> {});
            store.leaveOut(Set.of(id(1), id(2)), List.of(item(1, "one", true).leaving()));
            store.leaveOut(Set.of(id(1)), List.of());
            db.store("b", () -> {}).leaveOut(Set.of(id(3)), List.of());
        }
        try (SyncDb db = open()) {
            assertThat(db.store("a", () -> {}).leftOut()).containsExactly(id(1));
            assertThat(db.store("a", () -> {}).load()).singleElement().matches(SyncedNode::isLeaving);
            db.remove("a");
            assertThat(db.store("a", () -> {}).leftOut()).isEmpty();
            assertThat(db.store("b", () -> {}).leftOut()).containsExactly(id(3));
        }
    }

    @Test
    void aDatabaseOfTheVersionBefore_isKept() throws CofferException, SQLException {
        try (SyncDb db = open()) {
            db.store("a", () -> {}).write(new SyncStore.Write(List.of(), List.of(item(1, "one", true)), List.of()));
        }
        try (Connection raw = ReplicaDb.connect(folder.resolve("sync.db"), "-64", false)) {
            Tx tx = new Tx(raw);
            tx.run("DROP TABLE left_out");
            tx.run("DELETE FROM schema_version WHERE version = 4");
            raw.commit();
        }
        try (SyncDb db = open()) {
            SyncStore store = db.store("a", () -> {});
            store.leaveOut(Set.of(id(1)), List.of());
            assertThat(store.leftOut()).containsExactly(id(1));
            assertThat(store.load()).containsExactly(item(1, "one", true));
        }
    }

    @Test
    void aWrite_firstMakesDurableWhatItSpeaksOf_orDoesNotHappen() throws CofferException {
        List<String> order = new ArrayList<>();
        try (SyncDb db = open()) {
            SyncStore store = db.store("a", () -> order.add("forced"));
            store.write(new SyncStore.Write(List.of(), List.of(item(1, "one", true)), List.of()));
            assertThat(order).containsExactly("forced");
            SyncStore failing = db.store("a", () -> {
                throw new CofferException(ErrorCode.LOCAL, "a full disk");
            });
            Assertions.assertThatThrownBy(() ->
                            failing.write(new SyncStore.Write(List.of(id(1)), List.of(), List.of())))
                    .isInstanceOf(CofferException.class);
            assertThat(store.load()).containsExactly(item(1, "one", true));
        }
    }
}
