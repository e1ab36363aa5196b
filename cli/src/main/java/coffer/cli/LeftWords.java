package coffer.cli;

import coffer.device.Device.LeftCopies;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is known of regions that a vault has left, and by whom, in words.
final class LeftWords {

    private LeftWords() {}

    static List<String> of(List<String> former, List<LeftCopies> left, boolean online) {
        List<String> lines = new ArrayList<>();
        for (String region : former) {
            List<LeftCopies> there = left.stream().filter(one -> one.region().equals(region)).toList();
            if (!online) {
                lines.add("Region " + Shown.name(region) + " was left; what is still there only the service can say.");
            } else if (there.isEmpty()) {
                lines.add("Region " + Shown.name(region) + " was left: the service says that it has deleted every copy there. That is"
                        + " its word; what devices can check is where they read now (`coffer where`).");
            }
            for (LeftCopies one : there) {
                lines.add("Region " + Shown.name(region) + " was left: the service says that " + Shown.name(one.provider())
                        + " still has " + Shown.count(one.used(), "copy in use", "copies in use") + " and "
                        + Shown.count(one.leaving(), "copy to be deleted", "copies to be deleted") + " (" + Shown.bytes(one.bytes())
                        + ")");
            }
        }
        return lines;
    }

    /// @param read when the transparency log was last read
    static String offline(Optional<Instant> read, ZoneId zone) {
        return "The service cannot be reached: this is what this device knew "
                + read.map(time -> "at " + Shown.time(time, zone)).orElse("before") + ".";
    }
}
