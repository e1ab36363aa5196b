package coffer.service.evaluation;

import coffer.service.evaluation.Material.Piece;
import coffer.store.DownloadGrant;
import coffer.store.ObjectName;
import coffer.store.StoreException;
import coffer.store.UploadGrant;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Checks of what a device gets in its hands: that a grant admits what it was made for, and nothing else. They speak to the
/// endpoint directly, because our own store would not even send what is wrong.
final class GrantChecks {

    private static final int SIZE = 3_000;
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final byte[] NONE = new byte[0];

    private final Session session;
    private final Wire wire;

    GrantChecks(Session session, Wire wire) {
        this.session = session;
        this.wire = wire;
    }

    /// Sends a request; an answer that only says "not now" is an [IOException].
    Wire.Answer send(String method, URI url, Map<String, String> headers, byte[] body) throws IOException {
        Wire.Answer answer = wire.send(method, url, headers, body);
        if (answer.isPassing()) {
            throw new IOException("the endpoint cannot serve now");
        }
        return answer;
    }

    UploadGrant uploadGrant(Piece piece, Duration lifetime) {
        return session.subject().grants().upload(piece.name(), piece.bytes().length, lifetime);
    }

    DownloadGrant downloadGrant(ObjectName name, Duration lifetime) {
        return session.subject().grants().download(name, lifetime);
    }

    private Wire.Answer upload(UploadGrant grant, byte[] body) throws IOException {
        return send(grant.method(), grant.url(), grant.headers(), body);
    }

    private Wire.Answer get(DownloadGrant grant, URI url) throws IOException {
        return send("GET", url, grant.headers(), NONE);
    }

    boolean upload(Trials trials) throws StoreException, IOException {
        Piece piece = trials.planned(SIZE);
        return upload(uploadGrant(piece, LIFETIME), piece.bytes()).isAccepted() && trials.isIntact(piece);
    }

    boolean uploadOtherBytes(Trials trials) throws StoreException, IOException {
        Piece piece = trials.planned(SIZE);
        byte[] other = piece.bytes().clone();
        other[SIZE / 2] ^= 1;
        return upload(uploadGrant(piece, LIFETIME), other).isRefused() && !trials.isThere(piece);
    }

    boolean uploadOtherSize(Trials trials) throws StoreException, IOException {
        Piece piece = trials.planned(SIZE);
        byte[] longer = Arrays.copyOf(piece.bytes(), SIZE + 1);
        byte[] shorter = Arrays.copyOf(piece.bytes(), SIZE - 1);
        return upload(uploadGrant(piece, LIFETIME), longer).isRefused()
                && upload(uploadGrant(piece, LIFETIME), shorter).isRefused()
                && !trials.isThere(piece);
    }

    boolean uploadAltered(Trials trials) throws StoreException, IOException {
        Piece piece = trials.planned(SIZE);
        UploadGrant grant = uploadGrant(piece, LIFETIME);
        var headers = new TreeMap<>(grant.headers());
        URI url = grant.url();
        if (headers.computeIfPresent("authorization", (_, signature) -> altered(signature)) == null) {
            url = URI.create(altered(url.toString()));
        }
        return send(grant.method(), url, headers, piece.bytes()).isRefused() && !trials.isThere(piece);
    }

    /// Signatures stand at the end. The very last characters may hold bits that do not count.
    private static String altered(String text) {
        int position = text.length() - 5;
        char other = text.charAt(position) == '1' ? '2' : '1';
        return text.substring(0, position) + other + text.substring(position + 1);
    }

    boolean uploadOtherObject(Trials trials) throws StoreException, IOException {
        Piece granted = trials.planned(SIZE);
        Piece other = trials.planned(SIZE);
        UploadGrant grant = uploadGrant(granted, LIFETIME);
        URI url = forOther(grant.url(), granted.name(), other.name());
        return send(grant.method(), url, grant.headers(), other.bytes()).isRefused() && !trials.isThere(other);
    }

    private static URI forOther(URI url, ObjectName granted, ObjectName other) {
        return URI.create(url.toString().replace(granted.text(), other.text()));
    }

    boolean uploadOtherMethod(Trials trials) throws StoreException, IOException {
        Piece piece = trials.stored(SIZE);
        UploadGrant grant = uploadGrant(piece, LIFETIME);
        return send("DELETE", grant.url(), grant.headers(), NONE).isRefused() && trials.isIntact(piece);
    }

    boolean download(Trials trials) throws StoreException, IOException {
        Piece piece = trials.stored(SIZE);
        DownloadGrant grant = downloadGrant(piece.name(), LIFETIME);
        Wire.Answer answer = get(grant, grant.url());
        return answer.status() == 200 && Arrays.equals(answer.body(), piece.bytes());
    }

    boolean downloadRange(Trials trials) throws StoreException, IOException {
        Piece piece = trials.stored(SIZE);
        DownloadGrant grant = downloadGrant(piece.name(), LIFETIME);
        var headers = new TreeMap<>(grant.headers());
        headers.put("range", "bytes=700-1399");
        Wire.Answer answer = send("GET", grant.url(), headers, NONE);
        return answer.status() == 206 && Arrays.equals(answer.body(), Arrays.copyOfRange(piece.bytes(), 700, 1_400));
    }

    boolean downloadAltered(Trials trials) throws StoreException, IOException {
        Piece piece = trials.stored(SIZE);
        DownloadGrant grant = downloadGrant(piece.name(), LIFETIME);
        return get(grant, URI.create(altered(grant.url().toString()))).isRefused();
    }

    boolean downloadOtherObject(Trials trials) throws StoreException, IOException {
        Piece granted = trials.stored(SIZE);
        Piece other = trials.stored(SIZE);
        DownloadGrant grant = downloadGrant(granted.name(), LIFETIME);
        return get(grant, forOther(grant.url(), granted.name(), other.name())).isRefused();
    }

    boolean downloadOtherMethod(Trials trials) throws StoreException, IOException {
        Piece piece = trials.stored(SIZE);
        DownloadGrant grant = downloadGrant(piece.name(), LIFETIME);
        return send("DELETE", grant.url(), grant.headers(), NONE).isRefused()
                && send("PUT", grant.url(), grant.headers(), piece.bytes()).isRefused()
                && trials.isIntact(piece);
    }

    boolean anonymousRead(Trials trials) throws StoreException, IOException {
        Piece piece = trials.stored(SIZE);
        String url = downloadGrant(piece.name(), LIFETIME).url().toString();
        int query = url.indexOf('?');
        return send("GET", URI.create(query < 0 ? url : url.substring(0, query)), Map.of(), NONE).isRefused();
    }

    boolean conditionalWrite(Trials trials) throws StoreException, IOException {
        Piece piece = trials.stored(SIZE);
        UploadGrant grant = uploadGrant(piece, LIFETIME);
        var headers = new TreeMap<>(grant.headers());
        headers.put("if-none-match", "*");
        return send(grant.method(), grant.url(), headers, piece.bytes()).status() == 412 && trials.isIntact(piece);
    }
}
