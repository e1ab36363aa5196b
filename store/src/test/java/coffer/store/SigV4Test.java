package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Hash;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/// Expected signatures are those of the examples in the Amazon S3 API Reference, "Authenticating Requests: Using the
/// Authorization Header" and "Using Query Parameters (AWS Signature Version 4)".
class SigV4Test {

    private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");
    private static final String HOST = "https://examplebucket.s3.amazonaws.com";
    private static final SigV4 EXAMPLE = new SigV4(
            new S3Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "us-east-1");

    private static String authorization(
            String method, String target, Map<String, String> headers, String payloadSha256) {
        var sent = EXAMPLE.sign(method, URI.create(HOST + target), headers, payloadSha256, TIME);
        return sent.getOrDefault("authorization", "");
    }

    @Test
    void sign_getObject_isAsPublished() {
        assertThat(authorization("GET", "/test.txt", Map.of("range", "bytes=0-9"), SigV4.EMPTY_SHA256))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void sign_putObject_isAsPublished() {
        String payload =
                Hash.of("Welcome to Amazon S3.".getBytes(StandardCharsets.UTF_8)).hex();
        var headers = Map.of("date", "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class", "REDUCED_REDUNDANCY");
        assertThat(authorization("PUT", "/test$file.text", headers, payload))
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
                        + "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void sign_queryWithoutAValue_isAsPublished() {
        assertThat(authorization("GET", "/?lifecycle", Map.of(), SigV4.EMPTY_SHA256))
                .endsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    }

    @Test
    void sign_listObjects_isAsPublished_inEitherOrderOfTheQuery() {
        String expected = "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
        assertThat(authorization("GET", "/?max-keys=2&prefix=J", Map.of(), SigV4.EMPTY_SHA256)).endsWith(expected);
        assertThat(authorization("GET", "/?prefix=J&max-keys=2", Map.of(), SigV4.EMPTY_SHA256)).endsWith(expected);
    }

    @Test
    void presign_getObject_isAsPublished() {
        URI url = EXAMPLE.presign("GET", URI.create(HOST + "/test.txt"), Duration.ofDays(1), TIME);
        assertThat(url)
                .hasToString(HOST + "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }

    @Test
    void sign_leavesOutWhatHttpClientsWriteThemselves_butSignsIt() {
        var sent = EXAMPLE.sign(
                "PUT", URI.create("http://127.0.0.1:9000/b/k"), Map.of("content-length", "5"), "ab", TIME);
        assertThat(sent.keySet()).containsExactly("authorization", "x-amz-content-sha256", "x-amz-date");
        assertThat(sent.getOrDefault("authorization", "")).contains("SignedHeaders=content-length;host;");
    }

    @Test
    void sign_anyRequest_agreesWithTheSignerOfTheAwsSdk() {
        long seed = Long.getLong("coffer.seed", new Random().nextLong());
        System.out.println("sign_anyRequest_agreesWithTheSignerOfTheAwsSdk: -Dcoffer.seed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            String method = random.nextBoolean() ? "PUT" : "GET";
            String port = random.nextBoolean() ? "" : ":" + (1024 + random.nextInt(60_000));
            String key = Hash.of(new byte[] {(byte) i}).hex();
            URI uri = URI.create((random.nextBoolean() ? "http" : "https") + "://s3.example.org" + port + "/b/" + key
                    + (random.nextBoolean() ? "?list-type=2&prefix=a%2Fb&start-after=" + i : ""));
            String region = "region-" + random.nextInt(9);
            var credentials = random.nextBoolean()
                    ? new S3Credentials("AKID" + i, "secret" + i)
                    : new S3Credentials("AKID" + i, "secret" + i, "token/+=" + i);
            Instant time = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000));
            byte[] payload = new byte[random.nextInt(50)];
            var headers = Map.of("content-length", Integer.toString(payload.length));
            var ours = new SigV4(credentials, region)
                    .sign(method, uri, headers, Hash.of(payload).hex(), time)
                    .getOrDefault("authorization", "");
            assertThat(signature(ours)).isEqualTo(signature(sdkAuthorization(method, uri, region, credentials, time,
                    payload)));
        }
    }

    private static String signature(String authorization) {
        return authorization.substring(authorization.indexOf("Signature="));
    }

    private static String sdkAuthorization(
            String method, URI uri, String region, S3Credentials credentials, Instant time, byte[] payload) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(uri)
                .putHeader("content-length", Integer.toString(payload.length))
                .build();
        AwsCredentialsIdentity identity = credentials
                .sessionToken()
                .<AwsCredentialsIdentity>map(token ->
                        AwsSessionCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey(), token))
                .orElseGet(() ->
                        AwsCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey()));
        return AwsV4HttpSigner.create()
                .sign(r -> r.identity(identity)
                        .request(request)
                        .payload(() -> new ByteArrayInputStream(payload))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)))
                .request()
                .firstMatchingHeader("Authorization")
                .orElseThrow();
    }
}
