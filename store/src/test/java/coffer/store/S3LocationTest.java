package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3LocationTest {

    private static final ObjectName NAME = ObjectName.ofContent(new byte[0]);

    @Test
    void object_byPath_isEndpointBucketPrefixName() {
        var at = new S3Location(URI.create("https://s3.eu-1.example.org"), "eu-1", "my-bucket", "a/b/", true);
        assertThat(at.object(NAME)).hasToString("https://s3.eu-1.example.org/my-bucket/a/b/" + NAME);
        assertThat(at.origin()).isEqualTo("https://s3.eu-1.example.org");
        assertThat(at.bucket("x=1")).hasToString("https://s3.eu-1.example.org/my-bucket/?x=1");
    }

    @Test
    void object_byHost_isBucketEndpointPrefixName() {
        var at = new S3Location(URI.create("https://s3.eu-1.example.org:8443/"), "eu-1", "my-bucket", "", false);
        assertThat(at.object(NAME)).hasToString("https://my-bucket.s3.eu-1.example.org:8443/" + NAME);
        assertThat(at.origin()).isEqualTo("https://my-bucket.s3.eu-1.example.org:8443");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://h, r, bucket, ''",
        "https://h/path, r, bucket, ''",
        "https://h?q, r, bucket, ''",
        "https://u:p@h, r, bucket, ''",
        "/h, r, bucket, ''",
        "https://h, '', bucket, ''",
        "https://h, r/s, bucket, ''",
        "https://h, r, Bucket, ''",
        "https://h, r, ../b, ''",
        "https://h, r, bucket, no-slash",
        "https://h, r, bucket, ../",
        "https://h, r, bucket, /a/"
    })
    void aPlaceThatIsNone_isRefused(String endpoint, String region, String bucket, String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3Location(URI.create(endpoint), region, bucket, prefix, true));
    }

    @Test
    void credentialsAndGrants_doNotPrintThemselves() {
        var credentials = new S3Credentials("AKID", "very-secret", "token");
        assertThat(credentials.toString()).doesNotContain("AKID", "secret", "token");
    }
}
