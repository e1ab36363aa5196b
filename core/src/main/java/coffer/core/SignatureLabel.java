package coffer.core;

import java.nio.charset.StandardCharsets;

/// What a signature says, so that none can be taken for another: the signed message is the label in ASCII, one zero
/// byte, and the data (docs/spec/log.md, "Signatures").
public enum SignatureLabel {
    /// A log entry: the data is the exact header bytes.
    ENTRY("coffer/sig/entry/v1"),
    /// A sign-in: the data names service, account, device and challenge.
    SESSION("coffer/sig/session/v1"),
    /// A statement of a service about itself.
    SERVICE("coffer/sig/service/v1"),
    /// A file of an evaluation's report: the data names the file and its SHA-256 (docs/spec/evaluation.md).
    EVALUATION("coffer/sig/evaluation/v1");

    private final String text;

    SignatureLabel(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    byte[] message(byte[] data) {
        byte[] label = text.getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[label.length + 1 + data.length];
        System.arraycopy(label, 0, message, 0, label.length);
        System.arraycopy(data, 0, message, label.length + 1, data.length);
        return message;
    }
}
