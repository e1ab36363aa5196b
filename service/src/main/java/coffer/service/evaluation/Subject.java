package coffer.service.evaluation;

import coffer.store.ObjectStore;
import coffer.store.TransferGrants;
import java.util.regex.Pattern;

/// A provider to be evaluated. The evaluation borrows the store; whoever opened it closes it after the evaluation has ended.
///
/// @param id     of the provider; also the name of a folder
/// @param owner  the company that it belongs to
/// @param region where it says its bytes lie
/// @param store  its live endpoint; it should not repeat failed calls itself, because that hides failures and adds to latency
/// @param grants of that store, made with the real time; what they point to must be served while the evaluation runs
public record Subject(String id, String owner, String region, ObjectStore store, TransferGrants grants) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public Subject {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a provider id has lower-case letters, digits and dashes");
        }
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }
}
