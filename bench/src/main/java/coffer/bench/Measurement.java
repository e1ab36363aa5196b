package coffer.bench;

import java.util.Map;

/// What one run of one contender took.
///
/// @param cell          what was done, such as `put mixed`
/// @param contender     by whom
/// @param round         which time, from 1
/// @param seconds       by a monotonic clock around the whole command
/// @param cpuSeconds    user and system time of the command and its daemons
/// @param commandCpu    of these, the command's own; for S3 the server's time is in neither
/// @param peakMegabytes largest resident size of each process, by name
/// @param syncSeconds   what `sync` took after it
/// @param uploadedBytes bytes of files in the repository that are new or changed
/// @param storedBytes   bytes of all files in the repository
/// @param othersCores   how many cores other work on the machine used meanwhile
/// @param identical     whether what was restored equals the source; true if nothing was restored
record Measurement(
        String cell,
        String contender,
        int round,
        double seconds,
        double cpuSeconds,
        double commandCpu,
        Map<String, Long> peakMegabytes,
        double syncSeconds,
        long uploadedBytes,
        long storedBytes,
        double othersCores,
        boolean identical) {
    Measurement {
        peakMegabytes = Map.copyOf(peakMegabytes);
    }
}
