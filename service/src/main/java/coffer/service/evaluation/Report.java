package coffer.service.evaluation;

import coffer.core.Bytes;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.SignatureLabel;
import coffer.core.SigningKey;
import coffer.core.VerifyKey;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A finished report: `report.json` for programs, `report.html` for people, and `report.sig` with signatures of both.
///
/// @param folder where the three files lie
/// @param sha256 of `report.json`: what the transparency log holds
public record Report(Path folder, boolean passed, Verdict verdict, Capabilities capabilities, Hash sha256) {

    public static final String JSON = "report.json";
    public static final String HTML = "report.html";
    public static final String SIGNATURES = "report.sig";

    private static final String SIGNATURE_FORMAT = "coffer-evaluation-signature/1";
    private static final ObjectReader READER =
            MeasurementJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    record Signatures(String format, String key, List<Signature> files) {}

    record Signature(String file, String sha256, String signature) {}

    /// Writes the three files. The same measurements and key give the same bytes.
    static Report make(Path folder, Measurements measured, Criteria criteria, Path state, SigningKey key)
            throws IOException {
        ReportData data = ReportData.of(measured, criteria, hash(state));
        byte[] json = MeasurementJson.pretty(data);
        byte[] html = new ReportHtml(data, Hash.of(json)).page().getBytes(StandardCharsets.UTF_8);
        var signatures = new Signatures(
                SIGNATURE_FORMAT,
                key.verifyKey().value().hex(),
                List.of(sign(JSON, json, key), sign(HTML, html, key)));
        DurableFiles.write(folder.resolve(JSON), json);
        DurableFiles.write(folder.resolve(HTML), html);
        DurableFiles.write(folder.resolve(SIGNATURES), MeasurementJson.pretty(signatures));
        return of(folder, data, Hash.of(json));
    }

    private static Hash hash(Path file) throws IOException {
        MessageDigest digest = Hash.digest();
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return new Hash(Bytes.of(digest.digest()));
    }

    private static Report of(Path folder, ReportData data, Hash sha256) {
        return new Report(
                folder, data.passed(), new Verdict(data.findings()), new Capabilities(data.capabilities()), sha256);
    }

    private static Signature sign(String file, byte[] content, SigningKey key) {
        Hash sha256 = Hash.of(content);
        return new Signature(file, sha256.hex(), key.sign(SignatureLabel.EVALUATION, signed(file, sha256)).hex());
    }

    /// What a signature covers, so that the page cannot be passed off as the report.
    private static byte[] signed(String file, Hash sha256) {
        return new CborWriter().array(2).text(file).bytes(sha256.value()).toByteArray();
    }

    /// The report in the folder of an evaluation; empty if there is none.
    ///
    /// @throws IOException it cannot be read
    static Optional<Report> find(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(SIGNATURES))) {
            return Optional.empty();
        }
        byte[] json = Files.readAllBytes(folder.resolve(JSON));
        return Optional.of(of(folder, READER.readValue(json, ReportData.class), Hash.of(json)));
    }

    /// What is wrong with the files in a folder as a report that `key` signed; empty if nothing is.
    public static List<String> verify(Path folder, VerifyKey key) throws IOException {
        var problems = new ArrayList<String>();
        Signatures signatures = READER.readValue(Files.readAllBytes(folder.resolve(SIGNATURES)), Signatures.class);
        if (!signatures.format().equals(SIGNATURE_FORMAT) || !signatures.key().equals(key.value().hex())) {
            problems.add(SIGNATURES + " is of another format or of another key");
        }
        for (String file : List.of(JSON, HTML)) {
            Hash sha256 = hash(folder.resolve(file));
            boolean valid = signatures.files().stream()
                    .anyMatch(signature -> signature.file().equals(file)
                            && signature.sha256().equals(sha256.hex())
                            && isValid(signature, sha256, key));
            if (!valid) {
                problems.add(file + " has no valid signature");
            }
        }
        return problems;
    }

    private static boolean isValid(Signature signature, Hash sha256, VerifyKey key) {
        try {
            return key.verify(SignatureLabel.EVALUATION, signed(signature.file(), sha256), Bytes.ofHex(signature.signature()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
