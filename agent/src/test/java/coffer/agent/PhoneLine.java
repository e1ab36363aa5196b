package coffer.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// What a phone sends and is answered, byte by byte, over TLS that accepts one certificate and no other.
final class PhoneLine {

    record Answer(int status, String head, String body) {
        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }
    }

    private final int port;
    private final SSLContext tls;

    PhoneLine(int port, PhoneCertificate certificate) throws GeneralSecurityException, IOException {
        this.port = port;
        KeyStore only = KeyStore.getInstance("PKCS12");
        only.load(null, null);
        only.setCertificateEntry("phone", certificate.keyStore(new char[0]).getCertificate("phone"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(only);
        tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    SSLSocket connect(String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    Answer send(String method, String path, String headers, String body) throws IOException {
        return sendAs(host(), method, path, headers, body);
    }

    Answer sendAs(String host, String method, String path, String headers, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        try (SSLSocket socket = connect()) {
            String head = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + headers
                    + (method.equals("GET") ? "" : "Content-Length: " + content.length + "\r\n") + "\r\n";
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.getBytes(StandardCharsets.UTF_8));
            request.writeBytes(content);
            request.writeTo(socket.getOutputStream());
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = all.indexOf("\r\n\r\n");
            String answered = all.substring(0, end + 2);
            String rest = all.substring(end + 4);
            boolean chunked = answered.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
            return new Answer(Integer.parseInt(answered.substring(9, 12)), answered, chunked ? rest.replaceAll("(?m)^[0-9a-fA-F]+\r\n", "") : rest);
        }
    }

    /// As the pages would ask for a session.
    Answer session(String field, String secret) throws IOException {
        return send("POST", "/api/session", "Origin: https://" + host() + "\r\nUser-Agent: x (iPhone; y)\r\n", "{\"" + field + "\":\"" + secret + "\"}");
    }
}
