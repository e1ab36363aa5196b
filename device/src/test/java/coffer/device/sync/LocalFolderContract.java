package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.LocalFolder.Listing;
import coffer.device.sync.LocalFolder.Outcome;
import coffer.device.sync.LocalFolder.Refusal;
import coffer.device.sync.LocalFolder.Target;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Stamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What every [LocalFolder] does.
public abstract class LocalFolderContract {

    protected abstract LocalFolder folder();

    /// Makes or replaces a file, with the folders that it needs, as another program does.
    protected abstract void write(String path, String content) throws IOException;

    protected abstract String read(String path) throws IOException;

    /// Puts content into the staging area.
    protected abstract ContentId stage(String content) throws CofferException;

    protected static LocalPath path(String path) {
        return new LocalPath(List.of(path.split("/", -1)));
    }

    protected final Entry look(String path) throws CofferException {
        return Objects.requireNonNull(folder().look(path(path)), path);
    }

    protected final Stamp stamp(String path) throws CofferException {
        return look(path).stamp();
    }

    private Target target(String path) throws CofferException {
        LocalPath at = path(path);
        return new Target(at, at.names().size() == 1 ? 0 : look(path.substring(0, path.lastIndexOf('/'))).stamp().fileId());
    }

    private static Refusal refusal(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).refusal();
    }

    private static Entry done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return Objects.requireNonNull(((Outcome.Done) outcome).entry());
    }

    private Map<String, Kind> names(String path) throws CofferException {
        TreeMap<String, Kind> names = new TreeMap<>();
        Listing listing = folder().list(path.isEmpty() ? LocalPath.TOP : path(path));
        ((Listing.Entries) listing).entries().forEach(entry -> names.put(entry.name(), entry.kind()));
        return names;
    }

    @Test
    void list_showsWhatIsThere_andNothingOfOurs() throws IOException, CofferException {
        write("a", "1");
        write("d/b", "2");
        assertThat(names("")).containsOnly(Map.entry("a", Kind.FILE), Map.entry("d", Kind.FOLDER));
        assertThat(names("d")).containsOnlyKeys("b");
        assertThat(folder().list(path("nothing"))).isEqualTo(new Listing.Absent());
        assertThat(folder().list(path("a"))).isEqualTo(new Listing.Absent());
        assertThat(folder().look(path("a/b"))).isNull();
    }

    @Test
    void look_givesTheStampOfAListing() throws IOException, CofferException {
        write("a", "1");
        Listing.Entries listing = (Listing.Entries) folder().list(LocalPath.TOP);
        assertThat(listing.entries()).containsExactly(look("a"));
        assertThat(stamp("a").size()).isEqualTo(1);
    }

    @Test
    void identify_namesEqualContentEqually_andRefusesAnotherStamp() throws IOException, CofferException {
        write("a", "same");
        write("b", "same");
        write("c", "else");
        ContentId a = folder().identify(path("a"), stamp("a"));
        assertThat(a).isNotNull().isEqualTo(folder().identify(path("b"), stamp("b")));
        assertThat(a).isNotEqualTo(folder().identify(path("c"), stamp("c")));
        assertThat(folder().identify(path("a"), stamp("c"))).isNull();
        assertThat(folder().identify(path("gone"), stamp("c"))).isNull();
    }

    @Test
    void place_givesStagedContentItsPlace() throws IOException, CofferException {
        ContentId content = stage("new");
        long fileId = folder().staged(content);
        assertThat(fileId).isNotZero();
        Entry entry = done(folder().place(content, target("n"), null, true, 1_600_000_000_123_456_789L));
        assertThat(entry.stamp().fileId()).isEqualTo(fileId);
        assertThat(read("n")).isEqualTo("new");
        assertThat(entry).isEqualTo(look("n"));
        assertThat(entry.executable()).isTrue();
        assertThat(entry.stamp().mtimeNs()).isEqualTo(1_600_000_000_123_456_789L);
        assertThat(folder().identify(path("n"), entry.stamp())).isEqualTo(content);
    }

    @Test
    void place_givesEachItsOwn_whenManyAreStaged() throws IOException, CofferException {
        List<ContentId> contents = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            contents.add(stage("content " + i));
        }
        for (int i = 0; i < 50; i++) {
            done(folder().place(contents.get(i), target("n" + i), null, false, 1));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(read("n" + i)).isEqualTo("content " + i);
            assertThat(folder().staged(contents.get(i))).isZero();
        }
    }

    @Test
    void place_refusesWhatIsTaken_andKeepsItAndTheContent() throws IOException, CofferException {
        write("n", "mine");
        ContentId content = stage("new");
        assertThat(refusal(folder().place(content, target("n"), null, false, 1))).isEqualTo(Refusal.TAKEN);
        assertThat(read("n")).isEqualTo("mine");
        assertThat(folder().staged(content)).isNotZero();
    }

    @Test
    void place_replacesOnlyWhatIsExpected() throws IOException, CofferException {
        write("n", "old");
        Stamp old = stamp("n");
        ContentId content = stage("new");
        write("n", "edited");
        assertThat(refusal(folder().place(content, target("n"), old, false, 1))).isEqualTo(Refusal.CHANGED);
        assertThat(read("n")).isEqualTo("edited");
        done(folder().place(content, target("n"), stamp("n"), false, 1));
        assertThat(read("n")).isEqualTo("new");
        assertThat(names("")).containsOnlyKeys("n");
    }

    @Test
    void place_refusesAFolderThatIsAnother() throws IOException, CofferException {
        write("d/x", "1");
        ContentId content = stage("new");
        long other = stamp("d").fileId() + 1;
        assertThat(refusal(folder().place(content, new Target(path("d/n"), other), null, false, 1)))
                .isEqualTo(Refusal.NO_FOLDER);
        assertThat(refusal(folder().place(content, new Target(path("no/n"), other), null, false, 1)))
                .isEqualTo(Refusal.NO_FOLDER);
    }

    @Test
    void makeFolder_happensOnce() throws CofferException {
        Entry made = done(folder().makeFolder(target("d")));
        assertThat(made).isEqualTo(look("d"));
        assertThat(refusal(folder().makeFolder(target("d")))).isEqualTo(Refusal.TAKEN);
    }

    @Test
    void makeLink_keepsItsTarget_wherever() throws CofferException {
        Entry link = done(folder().makeLink("../../somewhere", target("l"), null));
        assertThat(link.link()).isEqualTo("../../somewhere");
        assertThat(link.kind()).isEqualTo(Kind.SYMLINK);
        assertThat(done(folder().makeLink("other", target("l"), link.stamp())).link()).isEqualTo("other");
        assertThat(refusal(folder().makeLink("third", target("l"), link.stamp()))).isEqualTo(Refusal.CHANGED);
    }

    @Test
    void move_takesTheItemWithItsContent_andReplacesNothing() throws IOException, CofferException {
        write("a", "1");
        write("b", "2");
        write("d/x", "3");
        long id = stamp("a").fileId();
        assertThat(refusal(folder().move(path("a"), id, target("b")))).isEqualTo(Refusal.TAKEN);
        assertThat(refusal(folder().move(path("a"), id + 1, target("c")))).isEqualTo(Refusal.CHANGED);
        assertThat(done(folder().move(path("a"), id, target("d/y"))).stamp().fileId()).isEqualTo(id);
        assertThat(read("d/y")).isEqualTo("1");
        assertThat(folder().look(path("a"))).isNull();
    }

    @Test
    void move_intoItself_isRefused() throws IOException, CofferException {
        write("d/e/x", "1");
        Outcome outcome = folder().move(path("d"), stamp("d").fileId(), target("d/e/d"));
        assertThat(refusal(outcome)).isEqualTo(Refusal.NO_FOLDER);
        assertThat(read("d/e/x")).isEqualTo("1");
    }

    @Test
    void remove_takesOnlyWhatIsExpected() throws IOException, CofferException {
        write("a", "1");
        Stamp old = stamp("a");
        write("a", "edited");
        assertThat(refusal(folder().remove(path("a"), Kind.FILE, old))).isEqualTo(Refusal.CHANGED);
        assertThat(read("a")).isEqualTo("edited");
        assertThat(folder().remove(path("a"), Kind.FILE, stamp("a"))).isEqualTo(new Outcome.Done(null));
        assertThat(folder().look(path("a"))).isNull();
    }

    @Test
    void remove_takesAFolderOnlyWhenEmpty() throws IOException, CofferException {
        write("d/x", "1");
        assertThat(refusal(folder().remove(path("d"), Kind.FOLDER, stamp("d")))).isEqualTo(Refusal.NOT_EMPTY);
        assertThat(refusal(folder().remove(path("d"), Kind.FILE, stamp("d")))).isEqualTo(Refusal.CHANGED);
        folder().remove(path("d/x"), Kind.FILE, stamp("d/x"));
        assertThat(folder().remove(path("d"), Kind.FOLDER, stamp("d"))).isEqualTo(new Outcome.Done(null));
    }

    @Test
    void move_underAnotherFormOfItsOwnName_isNoConflict() throws IOException, CofferException {
        write("a", "1");
        long id = stamp("a").fileId();
        assertThat(done(folder().move(path("a"), id, target("A"))).name()).isEqualTo("A");
        assertThat(done(folder().move(path("A"), id, target("A"))).stamp().fileId()).isEqualTo(id);
        assertThat(names("")).containsOnlyKeys("A");
    }

    @Test
    void top_isNoItem() throws CofferException {
        assertThat(folder().look(LocalPath.TOP)).isNull();
        assertThat(folder().identify(LocalPath.TOP, new Stamp(1, 0, 0, 0))).isNull();
    }

    @Test
    void identify_namesFilesAlone() throws IOException, CofferException {
        write("d/x", "1");
        assertThat(folder().identify(path("d"), stamp("d"))).isNull();
        done(folder().makeLink("x", target("d/l"), null));
        assertThat(folder().identify(path("d/l"), stamp("d/l"))).isNull();
    }

    @Test
    void stamp_tellsAnEdit_andNotARenameOrAFlag() throws IOException, CofferException {
        write("a", "1");
        Stamp first = stamp("a");
        done(folder().setExecutable(path("a"), first, true));
        assertThat(stamp("a")).isEqualTo(first);
        done(folder().move(path("a"), first.fileId(), target("b")));
        assertThat(stamp("b")).isEqualTo(first);
        write("b", "22");
        assertThat(stamp("b")).isNotEqualTo(first);
    }

    @Test
    void stampOfAFolder_staysWhenItsContentChanges() throws IOException, CofferException {
        write("d/x", "1");
        Stamp first = stamp("d");
        write("d/y", "2");
        assertThat(stamp("d")).isEqualTo(first);
    }

    @Test
    void setExecutable_changesNothingElse() throws IOException, CofferException {
        write("a", "1");
        Entry entry = done(folder().setExecutable(path("a"), stamp("a"), true));
        assertThat(entry.executable()).isTrue();
        assertThat(entry.stamp()).isEqualTo(stamp("a"));
        assertThat(done(folder().setExecutable(path("a"), stamp("a"), false)).executable()).isFalse();
    }

    @Test
    void dropStaged_forgets() throws CofferException {
        ContentId content = stage("x");
        folder().dropStaged();
        assertThat(folder().staged(content)).isZero();
    }

    protected static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
