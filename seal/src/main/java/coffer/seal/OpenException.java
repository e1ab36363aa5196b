package coffer.seal;

import coffer.core.CofferException;
import coffer.core.ErrorCode;

/// Sealed or wrapped bytes did not open: altered, cut, moved from another place, or made with another key.
///
/// Deliberately one exception with one constant message and no cause: which check failed is nobody's business, and
/// whoever could learn it would have an oracle (docs/spec/sealing.md).
public final class OpenException extends CofferException {
    public OpenException() {
        super(ErrorCode.INTEGRITY, "sealed bytes do not open");
    }
}
