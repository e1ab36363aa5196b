package coffer.core.log;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.util.Map;

/// Makes the exceptions by which a log refuses an entry.
final class InvalidEntry {

    private InvalidEntry() {}

    static void requireChain(boolean condition, String reason, Entry entry) throws CofferException {
        require(condition, ErrorCode.CHAIN, reason, entry);
    }

    static void requireRight(boolean condition, String reason, Entry entry) throws CofferException {
        require(condition, ErrorCode.NOT_AUTHORISED, reason, entry);
    }

    private static void require(boolean condition, ErrorCode code, String reason, Entry entry)
            throws CofferException {
        if (!condition) {
            throw new CofferException(
                    code,
                    reason,
                    Map.of(
                            "sequence", Long.toString(entry.header().sequence()),
                            "kind", entry.header().kind().name(),
                            "entry", entry.id().hex()));
        }
    }
}
