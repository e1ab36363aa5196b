package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.seal.DeviceKeys;
import coffer.seal.RecoveryKey;
import coffer.seal.RecoveryPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// When the recovery words were last checked on this device, and, where it has once had them, what tells two of them.
///
/// `recovery.check` in the home, for the owner alone. It can be lost: then all 24 words are asked for.
///
/// @param made    when the words were given to this device, or first asked for; milliseconds
/// @param checked when they were last right; 0 if never
record RecoveryNote(long made, long checked, Optional<RecoveryPair> pair) {

    static final String FILE = "recovery.check";

    /// Words that were not looked for once are lost most easily in the first weeks; later, now and then is enough.
    static final Duration FIRST_DUE = Duration.ofDays(30);

    static final Duration NEXT_DUE = Duration.ofDays(180);

    private static final int FORMAT = 1;
    private static final int FILE_BYTES_MAX = 256;

    static RecoveryNote of(RecoveryPair pair, Instant now) {
        return new RecoveryNote(now.toEpochMilli(), 0, Optional.of(pair));
    }

    /// As the home has it; a device that never had the words says nothing of when they were made.
    static RecoveryNote read(Path home) {
        try {
            byte[] encoded = Files.readAllBytes(home.resolve(FILE));
            if (encoded.length <= FILE_BYTES_MAX) {
                return decode(encoded);
            }
        } catch (NoSuchFileException e) {
            return new RecoveryNote(0, 0, Optional.empty());
        } catch (IOException | CborException | IllegalArgumentException e) {
            org.slf4j.LoggerFactory.getLogger(RecoveryNote.class).warn("the note of the recovery words cannot be read");
        }
        return new RecoveryNote(0, 0, Optional.empty());
    }

    void write(Path home) throws CofferException {
        Path file = home.resolve(FILE);
        Path temporary = home.resolve(FILE + ".new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary);
            if (temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
            }
            Files.write(temporary, encode());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL, "What is kept of the recovery words cannot be written.", "Look whether the disk is full; then try again.", e);
        }
    }

    byte[] encode() {
        return new CborWriter()
                .array(7)
                .integer(FORMAT)
                .integer(made)
                .integer(checked)
                .integer(pair.map(RecoveryPair::first).orElse(0))
                .integer(pair.map(RecoveryPair::second).orElse(0))
                .bytes(pair.map(RecoveryPair::salt).orElse(Bytes.EMPTY))
                .bytes(pair.map(RecoveryPair::hash).orElse(Bytes.EMPTY))
                .toByteArray();
    }

    static RecoveryNote decode(byte[] encoded) throws CborException {
        CborReader in = new CborReader(encoded);
        in.arrayOf(7);
        in.integer(FORMAT, FORMAT);
        long made = in.integer(0, Long.MAX_VALUE);
        long checked = in.integer(0, Long.MAX_VALUE);
        int first = (int) in.integer(0, RecoveryKey.WORD_COUNT);
        int second = (int) in.integer(0, RecoveryKey.WORD_COUNT);
        Bytes salt = Bytes.of(in.bytes(RecoveryPair.SALT_SIZE));
        Bytes hash = Bytes.of(in.bytes(RecoveryPair.HASH_SIZE));
        in.end();
        boolean none = first == 0 && second == 0 && salt.isEmpty() && hash.isEmpty();
        return new RecoveryNote(made, checked, none ? Optional.empty() : Optional.of(new RecoveryPair(first, second, salt, hash)));
    }

    Device.RecoveryCheck shown(Instant now) {
        long since = checked > 0 ? checked : made;
        Duration patience = checked > 0 ? NEXT_DUE : FIRST_DUE;
        boolean due = since > 0 && Duration.between(Instant.ofEpochMilli(since), now).compareTo(patience) > 0;
        return new Device.RecoveryCheck(
                pair.map(two -> List.of(two.first(), two.second())).orElse(List.of()),
                checked > 0 ? Optional.of(Instant.ofEpochMilli(checked)) : Optional.empty(),
                due);
    }

    /// This note, after the words were right.
    ///
    /// @param words the two that this note tells, or all 24
    /// @param paper the account's recovery key, as its log has it
    RecoveryNote check(String words, DeviceRecord paper, Instant now) throws CofferException {
        List<String> all = List.of(words.strip().toLowerCase(Locale.ROOT).split("[\\s,.;:0-9]+")).stream().filter(word -> !word.isEmpty()).toList();
        if (all.size() == 2) {
            requirePair(all);
        } else {
            requireAll(words, paper);
        }
        long time = now.toEpochMilli();
        return new RecoveryNote(made > 0 ? made : time, time, pair);
    }

    private void requirePair(List<String> two) throws CofferException {
        RecoveryPair known = pair.orElseThrow(() -> new CofferException(
                ErrorCode.ENROLMENT,
                "This device never had the recovery words, so it cannot tell two of them.",
                Map.of(CofferException.ADVICE, "Nothing was changed. Type all 24 words; they can be checked here.")));
        if (!known.matches(two.get(0), two.get(1))) {
            throw wrong();
        }
    }

    private static void requireAll(String words, DeviceRecord paper) throws CofferException {
        try (RecoveryKey key = RecoveryKey.parse(words);
                DeviceKeys keys = key.deviceKeys()) {
            if (!keys.record().equals(paper)) {
                throw wrong();
            }
        }
    }

    private static CofferException wrong() {
        return CofferException.withAdvice(
                ErrorCode.ENROLMENT,
                "These are not the recovery words of this account.",
                "Nothing was changed. Look at the paper again. If the words are lost, keep every device, store what you have with"
                        + " `coffer export`, and move to a new account: nobody can make the words again.");
    }
}
