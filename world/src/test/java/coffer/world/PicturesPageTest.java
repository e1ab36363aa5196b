package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.device.Device;
import coffer.device.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a person does with pictures.
class PicturesPageTest extends PageCase {

    @Override
    void fill() throws Exception {
        world.media().picturesImport(List.of(PictureSample.write(world.folder.resolve("Journeys"))), "/Pictures", Progress.SILENT);
    }

    private static byte[] picture(int seed) throws Exception {
        return PictureSample.jpeg(PictureSample.landscape(640, 480, seed));
    }

    private void open(String folder) {
        go("pictures", folder);
        tab.await("document.querySelector('.picture img.there') || document.querySelector('.no-thumb')");
    }

    @Test
    void theWall_showsWhatIsInSight_byDays_andTheYearsLeadThere() {
        open("/Pictures");
        tab.awaitText(PictureSample.COUNT + " pictures and films");
        tab.awaitText("November");
        assertThat(tab.eval("document.querySelectorAll('.picture').length").asInt()).isBetween(15, 90);
        assertThat(tab.eval("document.querySelector('.picture').getAttribute('aria-label')").asText())
                .contains("IMG_4000.jpg", "November", "21", "2026", "40");
        assertThat(tab.eval("document.querySelector('.picture img.there').naturalWidth").asInt()).isEqualTo(320);
        String year = tab.eval("[...document.querySelectorAll('.scrubber button')].at(-1).innerText").asText();
        tab.clickOn("[...document.querySelectorAll('.scrubber button')].at(-1)");
        tab.await("[...document.querySelectorAll('.wall-day')].some(h => h.innerText.includes('" + year + "'))");
        assertThat(tab.eval("document.querySelectorAll('.picture').length").asInt()).isLessThan(120);
        tab.await("[...document.querySelectorAll('.wall-day')].some(h => h.getBoundingClientRect().top < 2 && h.getBoundingClientRect().bottom > 0)");
    }

    @Test
    void aPicture_isLookedAt_byKeysAlone() {
        open("/Pictures");
        tab.press("ArrowDown");
        tab.await("document.activeElement.className == 'picture'");
        tab.press("Home");
        tab.press("ArrowRight");
        tab.await("document.activeElement.id == 'tile-1'");
        tab.press("Enter");
        tab.await("document.querySelector('.viewer h2').innerText == 'IMG_3999.jpg'");
        tab.await("document.querySelector('.stage img.on').naturalWidth == 640");
        tab.press("ArrowRight");
        tab.await("document.querySelector('.viewer h2').innerText == 'IMG_3998.jpg'");
        tab.press("i");
        tab.awaitText("46.5000° N, 11.2500° E");
        tab.awaitText("Example Pocket");
        tab.awaitText("640 × 480");
        tab.press("+");
        tab.await("new DOMMatrix(getComputedStyle(document.querySelector('.stage img.on')).transform).a == 1.5");
        tab.press("0");
        tab.await("new DOMMatrix(getComputedStyle(document.querySelector('.stage img.on')).transform).a == 1");
        tab.press("Escape");
        tab.await("!document.querySelector('dialog[open]') && document.activeElement.id == 'tile-2'");
    }

    @Test
    void pictures_areRemovedAndComeBack() throws Exception {
        put("/Removed", "one.jpg", picture(900));
        put("/Removed", "two.jpg", picture(901));
        open("/Removed");
        tab.awaitText("2 pictures and films");
        tab.clickOn("document.querySelector('.tile-at input')");
        tab.awaitText("1 picture selected");
        tab.press("Delete");
        tab.awaitText("to the trash");
        tab.awaitText("1 picture or film");
        tab.click("Undo");
        tab.awaitText("2 pictures and films");
        tab.clickOn("document.querySelector('.picture')");
        tab.await("document.querySelector('dialog.viewer')");
        tab.press("Delete");
        tab.awaitText("1 picture or film");
        tab.click("Undo");
        tab.awaitText("2 pictures and films");
        tab.press("Escape");
    }

    @Test
    void whatCameAsFiles_isLookedAtOnDemand_andWhatOthersBringShowsByItself() throws Exception {
        put("/Files", "plain.jpg", PictureSample.withExif(picture(77), LocalDateTime.of(2018, 2, 3, 4, 5)));
        open("/Files");
        tab.awaitText("not been looked at yet");
        tab.click("Make previews");
        tab.awaitNoText("not been looked at yet");
        tab.awaitText("February");
        tab.await("document.querySelector('.picture img.there').naturalWidth == 320");
        world.media().picturesImport(List.of(world.file("other.jpg", picture(78))), "/Files", Progress.SILENT);
        tab.awaitText("2 pictures and films");
    }

    @Test
    void whatIsDropped_isKept_withPreviews() throws Exception {
        go("pictures", "/Dropped");
        tab.awaitText("No pictures here yet");
        Path folder = Files.createDirectories(world.folder.resolve("card"));
        for (int i = 0; i < 3; i++) {
            Files.write(folder.resolve("DSC_" + i + ".jpg"), picture(500 + i));
        }
        tab.drop(List.of(folder));
        tab.awaitText("3 files stored");
        tab.awaitText("3 pictures and films");
        tab.await("document.querySelectorAll('.picture img.there').length == 3");
        assertThat(world.device.list("/Dropped/card", false)).hasSize(3);
        go("files", "/Dropped");
        tab.awaitText("card");
        tab.choose("Files to upload", List.of(world.file("by button.jpg", picture(510))));
        tab.awaitText("Stored");
        go("pictures", "/Dropped");
        tab.awaitText("4 pictures and films");
        tab.await("document.querySelectorAll('.picture img.there').length == 4");
    }

    @Test
    void copies_areFound_andOneIsKept() throws Exception {
        put("/Twice", "a.jpg", PictureSample.jpeg(PictureSample.blocks(640, 480)));
        put("/Twice", "b.jpg", PictureSample.jpeg(PictureSample.blocks(640, 480)));
        put("/Twice", "small.jpg", PictureSample.jpeg(PictureSample.blocks(320, 240)));
        world.media().picturesScan(false, Progress.SILENT);
        go("pictures", "/Twice");
        tab.click("Duplicates");
        tab.awaitText("Exact copies");
        tab.awaitText("Look the same");
        tab.await("document.querySelectorAll('.group .picture img.there').length == 4");
        look("duplicates", "light");
        tab.click("Keep the first one");
        tab.awaitText("to the trash");
        tab.awaitNoText("Exact copies");
        assertThat(world.device.list("/Twice", false)).extracting(Device.NodeInfo::path).containsExactly("/Twice/a.jpg", "/Twice/small.jpg");
        tab.click("Undo");
        tab.awaitText("Exact copies");
    }

    @Test
    void livePhotos_areOne_andWhatCannotBeDecodedKeepsItsName() throws Exception {
        put("/Phone", "IMG_1.jpg", picture(61));
        put("/Phone", "IMG_1.MOV", new byte[] {1, 2, 3});
        put("/Phone", "IMG_2.HEIC", new byte[] {1, 2, 3});
        world.media().picturesScan(false, Progress.SILENT);
        open("/Phone");
        tab.awaitText("2 pictures and films");
        tab.awaitText("LIVE");
        tab.awaitText("IMG_2.HEIC");
        tab.clickOn("[...document.querySelectorAll('.picture')].find(p => p.innerText.includes('HEIC'))");
        tab.awaitText("There is no preview of this kind");
        tab.awaitText("Download IMG_2.HEIC");
        tab.press("Escape");
        tab.await("!document.querySelector('dialog[open]')");
        tab.clickOn("[...document.querySelectorAll('.picture')].find(p => p.innerText.includes('LIVE'))");
        tab.click("Live");
        tab.await("document.querySelector('.stage video').src.includes('IMG_1.MOV')");
        tab.press("Delete");
        tab.awaitText("2 items to the trash");
        tab.click("Undo");
        tab.awaitText("2 pictures and films");
        tab.press("Escape");
    }

    @Test
    void hostileNamesAndPictures_doNothing() throws Exception {
        List<String> names = List.of("<img src=x onerror=alert(1)>.jpg", "safe\u202Egpj.png", "\"><svg onload=alert(1)>.heic", "line\nbreak.jpg");
        for (String name : names) {
            put("/Bad pictures", name, PageSample.text("<svg xmlns='http://www.w3.org/2000/svg' onload='top.ran=1'><script>top.ran=1</script></svg>"));
        }
        world.media().picturesScan(false, Progress.SILENT);
        open("/Bad pictures");
        tab.awaitText("4 pictures and films");
        assertThat(tab.text()).contains("<img src=x onerror=alert(1)>.jpg", "safe⸨202e⸩gpj.png").doesNotContain("\u202e");
        tab.clickOn("document.querySelector('.picture')");
        for (int i = 0; i < 4; i++) {
            tab.await("document.querySelector('.viewer-none')");
            tab.press("ArrowRight");
        }
        assertThat(tab.eval("window.ran ?? 'nothing'").asText()).isEqualTo("nothing");
        assertThat(tab.eval("document.querySelectorAll('main svg script, main img[src=x]').length").asInt()).isZero();
        String preview = "fetch('/api/' + localStorage.getItem('coffer-session') + '/small?node=%s').then(a => a.status)";
        assertThat(tab.eval(preview.formatted("zz")).asInt()).isIn(404, 409);
        assertThat(tab.eval(preview.formatted("0".repeat(32))).asInt()).isEqualTo(404);
        tab.press("Escape");
        tab.errors.removeIf(error -> error.contains("/small?node=") || error.contains("/content?path="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark", "phone"})
    void theWall_isAccessible_andFitsItsWindow(String how) throws Exception {
        tab.scheme(how.equals("dark") ? "dark" : "light");
        if (how.equals("phone")) {
            tab.size(390, 844, true);
        }
        open("/Pictures");
        tab.await("[...document.querySelectorAll('.picture img')].filter(i => i.className == 'there').length > 8");
        look("pictures", how);
        tab.eval("scrollTo(0, 1500)");
        Tab.pause(600);
        look("pictures-far", how);
        tab.clickOn("[...document.querySelectorAll('.picture')].find(p => p.getBoundingClientRect().top > 60)");
        tab.await("document.querySelector('.stage img.on').naturalWidth > 100");
        tab.press("i");
        tab.awaitText("Camera");
        look("picture", how);
        tab.press("Escape");
    }
}
