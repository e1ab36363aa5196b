package coffer.core.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// RFC 9457 problem details: `type` names the problem, `code` is the [coffer.core.ErrorCode] a device reports.
///
/// @param detail one constant sentence
/// @param head   the log's head, where the log has moved on
/// @param packs  the packs that are missing
public record ProblemInfo(
        String type,
        String title,
        int status,
        String code,
        String detail,
        @Nullable HeadInfo head,
        @Nullable List<String> packs) {

    public ProblemInfo {
        packs = packs == null ? null : List.copyOf(packs);
    }
}
