package coffer.media.mail;

import coffer.device.Device.Problem;
import java.util.List;

/// What an import came to.
///
/// @param messages   that the sources hold
/// @param imported   that are new in their folder
/// @param alreadyThere that an earlier import has brought
/// @param duplicates that are equal, byte for byte, to one before them in the same sources; those of one folder are kept once
/// @param otherFiles that are no mail
public record MailReport(
        long mailboxes,
        long messages,
        long imported,
        long alreadyThere,
        long duplicates,
        long bytes,
        long otherFiles,
        List<Problem> problems) {

    public MailReport {
        problems = List.copyOf(problems);
    }
}
