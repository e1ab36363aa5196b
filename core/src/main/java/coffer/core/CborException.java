package coffer.core;

/// The bytes are not the one deterministic encoding this project accepts. Carries a constant reason, never content.
public class CborException extends Exception {
    public CborException(String reason) {
        super(reason);
    }
}
