package coffer.store;

import coffer.core.Fuzz;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/// What a provider may answer, and what anybody may ask of the blob endpoint.
class DecoderFuzzTest {

    private static final String NAME = "ab".repeat(32);

    @Test
    void listing() {
        byte[] good = """
                <?xml version="1.0" encoding="UTF-8"?>
                <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>true</IsTruncated>
                <NextContinuationToken>a&amp;b</NextContinuationToken>
                <Contents><Key>p/%s</Key><Size>77</Size><Owner><ID>x</ID></Owner></Contents>
                <Contents><Key>foreign</Key></Contents></ListBucketResult>
                """.formatted(NAME).getBytes(StandardCharsets.UTF_8);
        Fuzz.of(
                        "S3 listing",
                        bytes -> {
                            for (ObjectInfo object : S3Listing.parse(bytes, "p/").objects()) {
                                if (object.size() < 0) {
                                    throw new IllegalStateException("an object of no size");
                                }
                            }
                            return null;
                        },
                        StoreCorrupt.class)
                .from(good)
                .run();
    }

    @Test
    void contentRange() {
        Fuzz.of(
                        "content range",
                        bytes -> {
                            ContentRange.parse(new String(bytes, StandardCharsets.ISO_8859_1)).requireAsked(new ByteRange(5, 10));
                            return null;
                        },
                        StoreException.class)
                .from("bytes 5-14/500".getBytes(StandardCharsets.ISO_8859_1))
                .run();
    }

    /// Only what was granted, as it was granted.
    @Test
    void grant() {
        BlobGrants grants = new BlobGrants(
                new byte[BlobGrants.KEY_SIZE], URI.create("https://cloud.example/v1/blobs"),
                Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC));
        String granted = grants.forProvider("one").download(ObjectName.parse(NAME), Duration.ofMinutes(1)).url().getRawQuery();
        byte[] good = granted.getBytes(StandardCharsets.ISO_8859_1);
        Fuzz.of(
                        "grant",
                        bytes -> {
                            String asked = new String(bytes, StandardCharsets.ISO_8859_1);
                            return grants.verify("GET", NAME, asked) instanceof BlobAccess.Granted ? good : null;
                        })
                .from(good)
                .run();
    }

    @Test
    void objectName() {
        Fuzz.of(
                        "object name",
                        bytes -> {
                            String text = new String(bytes, StandardCharsets.ISO_8859_1);
                            return ObjectName.parse(text).text().getBytes(StandardCharsets.ISO_8859_1);
                        },
                        IllegalArgumentException.class)
                .from(NAME.getBytes(StandardCharsets.ISO_8859_1))
                .run();
    }
}
