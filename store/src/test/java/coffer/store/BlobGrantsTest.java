package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import coffer.core.Bytes;
import coffer.core.VectorFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobGrantsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final byte[] KEY = key(0);
    private static final URI BASE = URI.create("https://coffer.example.org/v1/blobs");
    private static final ObjectName NAME = ObjectName.ofContent(new byte[] {1});
    private static final ObjectName OTHER = ObjectName.ofContent(new byte[] {2});

    private static byte[] key(int first) {
        byte[] key = new byte[BlobGrants.KEY_SIZE];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (first + i);
        }
        return key;
    }

    private static BlobGrants at(Instant now) {
        return new BlobGrants(KEY, BASE, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static UploadGrant upload() {
        return at(NOW).forProvider("eu-1").upload(NAME, 1_234, Duration.ofMinutes(5));
    }

    private static DownloadGrant download() {
        return at(NOW).forProvider("eu-1").download(NAME, Duration.ofMinutes(5));
    }

    private static String query(URI url) {
        return url.getRawQuery();
    }

    @Test
    void upload_isGrantedForItsObjectAndSize() {
        UploadGrant grant = upload();
        assertThat(grant.method()).isEqualTo("PUT");
        assertThat(grant.url().toString()).startsWith(BASE + "/" + NAME.text() + "?provider=eu-1&size=1234&expires=");
        assertThat(grant.size()).isEqualTo(1_234);
        assertThat(grant.sha256()).isEqualTo(NAME.sha256());
        assertThat(grant.expires()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
        assertThat(at(NOW).verify("PUT", NAME.text(), query(grant.url())))
                .isEqualTo(new BlobAccess.Granted("eu-1", NAME, 1_234));
    }

    @Test
    void download_isGrantedForItsObject_toGetAndHead() {
        String query = query(download().url());
        assertThat(at(NOW).verify("GET", NAME.text(), query)).isEqualTo(new BlobAccess.Granted("eu-1", NAME, 0));
        assertThat(at(NOW).verify("HEAD", NAME.text(), query)).isEqualTo(new BlobAccess.Granted("eu-1", NAME, 0));
    }

    @Test
    void origin_isThatOfTheEndpoint() {
        assertThat(at(NOW).forProvider("eu-1").origin()).isEqualTo("https://coffer.example.org");
        var local = new BlobGrants(KEY, URI.create("http://127.0.0.1:8080/v1/blobs"), Clock.systemUTC());
        assertThat(local.forProvider("a").origin()).isEqualTo("http://127.0.0.1:8080");
    }

    private static void assertRefused(String method, String name, String query) {
        assertThat(at(NOW).verify(method, name, query)).isEqualTo(new BlobAccess.Refused());
    }

    @Test
    void verify_ofAnotherMethod_isRefused() {
        String put = query(upload().url());
        String get = query(download().url());
        for (String method : List.of("GET", "HEAD", "DELETE", "POST", "put", "")) {
            assertRefused(method, NAME.text(), put);
        }
        for (String method : List.of("PUT", "DELETE", "POST", "get", "")) {
            assertRefused(method, NAME.text(), get);
        }
    }

    @Test
    void verify_ofAnotherObject_isRefused() {
        assertRefused("PUT", OTHER.text(), query(upload().url()));
        assertRefused("GET", OTHER.text(), query(download().url()));
    }

    @Test
    void verify_ofAnotherSize_isRefused() {
        assertRefused("PUT", NAME.text(), query(upload().url()).replace("size=1234", "size=1235"));
        assertRefused("PUT", NAME.text(), query(upload().url()).replace("size=1234", "size=0"));
    }

    @Test
    void verify_ofAnotherProvider_isRefused() {
        assertRefused("PUT", NAME.text(), query(upload().url()).replace("eu-1", "eu-2"));
        assertRefused("GET", NAME.text(), query(download().url()).replace("eu-1", "eu-2"));
    }

    @Test
    void verify_ofALaterExpiry_isRefused() {
        String query = query(download().url());
        long expires = download().expires().getEpochSecond();
        assertRefused("GET", NAME.text(), query.replace("" + expires, "" + (expires + 1)));
    }

    @Test
    void verify_withOneCharacterOfTheGrantChanged_isRefused() {
        String query = query(download().url());
        int start = query.indexOf("grant=") + "grant=".length();
        for (int i = start; i < query.length(); i++) {
            for (char c : new char[] {'A', 'B', '-', '_', '=', 'é'}) {
                if (c != query.charAt(i)) {
                    assertRefused("GET", NAME.text(), query.substring(0, i) + c + query.substring(i + 1));
                }
            }
        }
    }

    @Test
    void verify_ofAGrantUnderAnotherKey_isRefused() {
        var others = new BlobGrants(key(1), BASE, Clock.fixed(NOW, ZoneOffset.UTC));
        String query = query(others.forProvider("eu-1").download(NAME, Duration.ofMinutes(5)).url());
        assertRefused("GET", NAME.text(), query);
    }

    @Test
    void verify_isExpired_fromItsLastSecondOn() {
        String query = query(download().url());
        Instant expires = download().expires();
        assertThat(at(expires.minusSeconds(1)).verify("GET", NAME.text(), query))
                .isInstanceOf(BlobAccess.Granted.class);
        assertThat(at(expires).verify("GET", NAME.text(), query)).isEqualTo(new BlobAccess.Expired());
        assertThat(at(expires.plus(Duration.ofDays(999))).verify("GET", NAME.text(), query))
                .isEqualTo(new BlobAccess.Expired());
    }

    @Test
    void verify_ofAForgedGrant_doesNotTellWhetherItWouldHaveExpired() {
        String query = query(download().url()).replace("grant=", "grant=A").substring(0, query(download().url()).length());
        assertThat(at(NOW.plus(Duration.ofDays(1))).verify("GET", NAME.text(), query))
                .isEqualTo(new BlobAccess.Refused());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "grant=",
                "provider=eu-1&expires=1767323345",
                "provider=eu-1&expires=1767323345&grant=",
                "expires=1767323345&provider=eu-1&grant=%s",
                "provider=eu-1&expires=01767323345&grant=%s",
                "provider=eu-1&expires=-1&grant=%s",
                "provider=eu-1&expires=99999999999999999999&grant=%s",
                "provider=eu-1&size=&expires=1767323345&grant=%s",
                "provider=eu-1&expires=1767323345&grant=%s&grant=%s",
                "provider=eu-1&expires=1767323345&grant=%s=",
                "provider=eu%%2D1&expires=1767323345&grant=%s"
            })
    void verify_ofAnotherForm_isRefused(String form) {
        String query = query(download().url());
        String mac = query.substring(query.indexOf("grant=") + 6);
        assertRefused("GET", NAME.text(), form.formatted(mac, mac));
        assertRefused("PUT", NAME.text(), form.formatted(mac, mac));
    }

    @Test
    void verify_ofAnotherPath_isRefused() {
        String query = query(download().url());
        assertRefused("GET", "", query);
        assertRefused("GET", "../" + NAME.text(), query);
        assertRefused("GET", NAME.text().toUpperCase(Locale.ROOT), query);
    }

    @Test
    void grants_doNotPrintThemselves() {
        String mac = query(download().url()).substring(query(download().url()).indexOf("grant=") + 6);
        assertThat(download().toString()).doesNotContain(mac, NAME.text());
        assertThat(upload().toString()).doesNotContain("grant=", NAME.text());
    }

    @Test
    void arguments_thatMakeNoSense_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BlobGrants(new byte[16], BASE, Clock.systemUTC()));
        assertThatIllegalArgumentException().isThrownBy(() -> at(NOW).forProvider(""));
        assertThatIllegalArgumentException().isThrownBy(() -> at(NOW).forProvider("a&size=1"));
        var grants = at(NOW).forProvider("a");
        assertThatIllegalArgumentException().isThrownBy(() -> grants.upload(NAME, -1, Duration.ofMinutes(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> grants.download(NAME, Duration.ZERO));
    }

    @Test
    void vectors_areWhatTheGeneratorMakes() {
        var cases = new ArrayList<ObjectNode>();
        String put = query(upload().url());
        String get = query(download().url());
        long expires = download().expires().getEpochSecond();
        cases.add(vector("upload", NOW, "PUT", NAME, put, "granted"));
        cases.add(vector("download", NOW, "GET", NAME, get, "granted"));
        cases.add(vector("download_head", NOW, "HEAD", NAME, get, "granted"));
        cases.add(vector("download_last_second", download().expires().minusSeconds(1), "GET", NAME, get, "granted"));
        cases.add(vector("download_expired", download().expires(), "GET", NAME, get, "expired"));
        cases.add(vector("upload_expired", upload().expires(), "PUT", NAME, put, "expired"));
        cases.add(vector("upload_used_to_read", NOW, "GET", NAME, put, "refused"));
        cases.add(vector("download_used_to_write", NOW, "PUT", NAME, get, "refused"));
        cases.add(vector("download_used_to_delete", NOW, "DELETE", NAME, get, "refused"));
        cases.add(vector("other_object", NOW, "GET", OTHER, get, "refused"));
        cases.add(vector("other_size", NOW, "PUT", NAME, put.replace("size=1234", "size=1235"), "refused"));
        cases.add(vector("other_provider", NOW, "GET", NAME, get.replace("eu-1", "eu-2"), "refused"));
        cases.add(vector("later_expiry", NOW, "GET", NAME, get.replace("" + expires, "" + (expires + 1)), "refused"));
        cases.add(vector("size_removed", NOW, "GET", NAME, put.replace("&size=1234", ""), "refused"));
        cases.add(vector("size_leading_zero", NOW, "PUT", NAME, put.replace("size=", "size=0"), "refused"));
        cases.add(vector("grant_cut", NOW, "GET", NAME, get.substring(0, get.length() - 1), "refused"));
        cases.add(vector("grant_padded", NOW, "GET", NAME, get + "=", "refused"));
        cases.add(vector("query_reordered", NOW, "GET", NAME, get.replace("provider=eu-1&", "") + "&provider=eu-1",
                "refused"));
        cases.add(vector("query_missing", NOW, "GET", NAME, "", "refused"));
        VectorFile.requireCurrent("blob-grant", "verify.json", "docs/spec/store.md, section 5", cases);
    }

    private static ObjectNode vector(
            String vectorName, Instant now, String method, ObjectName name, String query, String result) {
        return VectorFile.object()
                .put("name", vectorName)
                .put("key", Bytes.of(KEY).hex())
                .put("now", now.getEpochSecond())
                .put("method", method)
                .put("object", name.text())
                .put("query", query)
                .put("result", result);
    }

    @TestFactory
    Stream<DynamicTest> everyVector_endsAsItSays() {
        return VectorFile.cases("blob-grant").stream()
                .map(vector -> DynamicTest.dynamicTest(vector.path("name").asText(), () -> {
                    var clock = Clock.fixed(Instant.ofEpochSecond(vector.path("now").asLong()), ZoneOffset.UTC);
                    var grants = new BlobGrants(
                            Bytes.ofHex(text(vector, "key")).toArray(), BASE, clock);
                    BlobAccess access = grants.verify(
                            text(vector, "method"), text(vector, "object"), text(vector, "query"));
                    String result = switch (access) {
                        case BlobAccess.Granted _ -> "granted";
                        case BlobAccess.Expired _ -> "expired";
                        case BlobAccess.Refused _ -> "refused";
                    };
                    assertThat(result).isEqualTo(text(vector, "result"));
                }));
    }

    private static String text(JsonNode vector, String field) {
        return vector.path(field).asText();
    }
}
