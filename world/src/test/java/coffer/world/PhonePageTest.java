package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.agent.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A phone in the home network, which is this machine's own address here: a browser of a phone's width that takes the agent's
/// certificate for good, and no other, as a person does who has compared its fingerprint. And the check of the recovery words.
class PhonePageTest extends PageCase {

    private Chromium phones;
    private String site = "";

    @Override
    void fill() throws Exception {
        PageSample.fill(world);
    }

    @BeforeAll
    void serve() throws Exception {
        Json.Fields state = world.client().call("phone-on", Json.object().put("address", "127.0.0.1").put("port", 0).build());
        site = state.text("site");
        JsonNode kept = new ObjectMapper().readTree(Files.readString(world.folder.resolve("home/phone.json")));
        byte[] encoded = Base64.getDecoder().decode(kept.get("certificate").asText());
        Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        assertThat(state.text("fingerprint")).isEqualTo(HexFormat.ofDelimiter(":").withUpperCase().formatHex(sha256.digest(encoded)));
        String pin = Base64.getEncoder().encodeToString(sha256.digest(certificate.getPublicKey().getEncoded()));
        phones = Chromium.start(
                Chromium.find().orElseThrow(), world.folder.resolve("phone"), "--ignore-certificate-errors-spki-list=" + pin);
    }

    @AfterAll
    void stopPhones() {
        if (phones != null) {
            phones.close();
        }
    }

    private Tab phone() {
        Tab phone = phones.tab();
        phone.size(390, 844, true);
        return phone;
    }

    /// The address that the QR code on the computer carries.
    private String address() {
        tab.eval("window.asked = window.fetch, window.fetch = async (...a) => { const r = await window.asked(...a);"
                + " if (String(a[0]).endsWith('phone-pair')) window.told = await r.clone().text(); return r; }, 1");
        go("devices", "/");
        tab.click("Pair a phone");
        tab.await("document.querySelector('.qr') && window.told");
        String told = tab.eval("JSON.parse(window.told).result.address").asText();
        assertThat(told).startsWith(site + "/#");
        return told;
    }

    private void letIn(Tab phone) {
        phone.awaitText("Type this on the computer");
        String figures = phone.eval("document.querySelector('.figures').innerText").asText();
        tab.awaitText("Figures on the phone");
        tab.await("document.activeElement.tagName == 'INPUT'");
        tab.type(figures);
        tab.press("Enter");
        tab.awaitText("is paired");
    }

    @Test
    void aPhone_isPairedByItsQrCode_seesAndAdds_andIsOutWhenItIsRemoved() throws Exception {
        String address = address();
        tab.click("The phone warns");
        look("phone-pair", "wide");
        Tab phone = phone();
        phone.open(address);
        phone.awaitText("Type this on the computer");
        phone.screenshot(SHOTS.resolve("phone-figures.png"));
        tab.awaitText("Figures on the phone");
        look("phone-confirm", "wide");
        Tab thief = phone();
        thief.open(address);
        thief.awaitText("This phone is not paired");
        letIn(phone);
        phone.awaitText("Notes.md");
        phone.screenshot(SHOTS.resolve("phone-files.png"));
        assertThat(phone.eval("document.cookie").asText()).isEmpty();
        assertThat(phone.eval("location.href").asText()).startsWith(site).doesNotContain(address.substring(address.indexOf('#') + 1));
        phone.eval("location.reload()");
        phone.awaitText("Notes.md");
        phone.choose("Files to upload", List.of(world.file("from the phone.txt", PageSample.text("hello"))));
        for (int i = 0; i < 600 && world.device.search("from the phone", 1).isEmpty(); i++) {
            Tab.pause(50);
        }
        assertThat(read("/from the phone.txt")).isEqualTo("hello");
        phone.eval("location.hash = '#/devices/'");
        phone.awaitText("A phone sees, adds and arranges");
        assertThat(phone.text()).doesNotContain("Add a device").doesNotContain("Rewind").doesNotContain("Pair a phone");
        phone.screenshot(SHOTS.resolve("phone-devices.png"));
        assertThat(phone.requests).isNotEmpty().allSatisfy(asked -> assertThat(asked).startsWith(site + "/"));
        tab.await("document.querySelector('[aria-label^=\"Remove Browser\"]')");
        look("phones", "wide");
        tab.click("Remove Browser");
        phone.awaitText("This phone is not paired");
        phone.screenshot(SHOTS.resolve("phone-removed.png"));
        tab.awaitNoText("last used");
    }

    @Test
    void aBrowserThatWasNotToldToTrustTheCertificate_warns_andShowsNothing() throws Exception {
        Tab stranger = world.browser.tab();
        stranger.open(site + "/");
        stranger.await("document.documentElement.innerHTML.includes('ERR_CERT_AUTHORITY_INVALID')");
        stranger.screenshot(SHOTS.resolve("phone-warning.png"));
        assertThat(stranger.text()).doesNotContain("Coffer");
    }

    @Test
    void theRecoveryWords_areCheckedByTwoOfThem_orAll() throws Exception {
        List<String> words = List.of(world.words.split(" "));
        go("devices", "/");
        for (String shown : List.of("may do everything", "Certificate of this computer", "They were not checked on this device yet")) {
            tab.awaitText(shown); // nothing moves any more
        }
        tab.click("Check them");
        tab.awaitText("Word ");
        List<Integer> places = world.device.recovery().places();
        for (int i = 0; i < 2; i++) {
            tab.eval("document.querySelectorAll('.two-words input')[" + i + "].focus()");
            tab.retype(words.get(i == 0 ? places.get(1) - 1 : places.get(0) - 1));
        }
        look("recovery", "wide");
        tab.press("Enter");
        if (!words.get(places.get(0) - 1).equals(words.get(places.get(1) - 1))) {
            tab.awaitText("These are not the recovery words");
        }
        for (int i = 0; i < 2; i++) {
            tab.eval("document.querySelectorAll('.two-words input')[" + i + "].focus()");
            tab.retype(words.get(places.get(i) - 1));
        }
        tab.press("Enter");
        tab.awaitText("you have the right paper");
        tab.click("Done");
        tab.awaitText("They were right");
        tab.click("Check them");
        tab.click("Type all 24");
        tab.eval("document.querySelector('textarea').focus()");
        tab.type(world.words);
        tab.clickOn("[...document.querySelectorAll('dialog button')].find(b => b.innerText == 'Check')");
        tab.awaitText("All 24 words are right");
        assertThat(world.device.recovery().due()).isFalse();
    }
}
