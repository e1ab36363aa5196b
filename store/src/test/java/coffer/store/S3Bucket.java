package coffer.store;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Map;

/// Makes buckets, which stores themselves never do. For tests of other modules too.
public final class S3Bucket {

    private S3Bucket() {}

    /// Makes the bucket of a location, unless it is there.
    public static void make(S3Location location, S3Credentials credentials) throws IOException, InterruptedException {
        var signer = new SigV4(credentials, location.region());
        var text = location.bucket("").toString();
        var uri = URI.create(text.substring(0, text.indexOf('?')));
        var request = HttpRequest.newBuilder(uri).method("PUT", BodyPublishers.noBody());
        signer.sign("PUT", uri, Map.of(), SigV4.EMPTY_SHA256, Instant.now()).forEach(request::header);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200 && answer.statusCode() != 409) {
                throw new IOException("the bucket cannot be made: " + answer.statusCode() + " " + answer.body());
            }
        }
    }
}
