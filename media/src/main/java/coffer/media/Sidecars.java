package coffer.media;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What exports of other services write beside the pictures of a folder: Google Takeout a JSON file for each, iCloud a table for all.
final class Sidecars {

    private static final int SIZE_MAX = 4 << 20;
    private static final int FILES_MAX = 200_000;

    /// Takeout cuts names of files at this length.
    private static final int CUT = 46;

    private static final ObjectMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .build())
            .build();

    private static final Pattern NUMBER = Pattern.compile("\\((\\d+)\\)");

    private static final DateTimeFormatter ICLOUD = DateTimeFormatter.ofPattern("EEEE MMMM d,uuuu h:mm a z", Locale.US);

    private final Map<String, Instant> times = new HashMap<>();

    private Sidecars() {}

    /// Of one folder; none where it has none, or they cannot be read.
    static Sidecars of(Path folder) {
        Sidecars sidecars = new Sidecars();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            int count = 0;
            for (Path file : files) {
                if (count++ > FILES_MAX) {
                    break;
                }
                sidecars.take(file);
            }
        } catch (IOException e) {
            return sidecars;
        }
        return sidecars;
    }

    private void take(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            if (name.endsWith(".json")) {
                google(name, bytes(file));
            } else if (name.startsWith("Photo Details") && name.endsWith(".csv")) {
                icloud(new String(bytes(file), StandardCharsets.UTF_8));
            }
        } catch (IOException | RuntimeException e) {
            // no sidecar that can be read
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(SIZE_MAX + 1);
            if (bytes.length > SIZE_MAX) {
                throw new IOException("too long");
            }
            return bytes;
        }
    }

    /// `IMG_1.jpg(2).json` and `IMG_1.jpg.supplemental-metadata(2).json` speak of `IMG_1(2).jpg`.
    private void google(String name, byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        String title = json.path("title").asText("");
        String seconds = json.path("photoTakenTime").path("timestamp").asText("");
        if (title.isEmpty() || seconds.isEmpty()) {
            return;
        }
        Matcher number = NUMBER.matcher(name.substring(Math.min(name.length(), Math.max(0, name.lastIndexOf('.') - 8))));
        String suffix = number.find() ? number.group() : "";
        times.put(key(title, suffix), Instant.ofEpochSecond(Long.parseLong(seconds)));
    }

    private static String key(String name, String suffix) {
        int dot = name.lastIndexOf('.');
        String stem = dot <= 0 ? name : name.substring(0, dot);
        String ending = dot <= 0 ? "" : name.substring(dot);
        return stem.substring(0, Math.clamp(CUT - ending.length(), 0, stem.length())) + suffix + ending.toLowerCase(Locale.ROOT);
    }

    private void icloud(String table) {
        String[] lines = table.split("\\R", -1);
        String[] heading = lines[0].split(",", -1);
        int created = java.util.Arrays.asList(heading).indexOf("originalCreationDate");
        for (int i = 1; i < lines.length && created > 0; i++) {
            // The date is the one field with a comma in it, in quotes.
            String[] quoted = lines[i].split("\"", -1);
            int comma = lines[i].indexOf(',');
            if (comma > 0 && quoted.length >= 3) {
                String name = lines[i].substring(0, comma);
                parsed(quoted[1]).ifPresent(time -> times.put(key(name, ""), time));
            }
        }
    }

    private static Optional<Instant> parsed(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), ICLOUD).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// When a picture of that name was taken, if a sidecar says so; an edited one as its original.
    Optional<Instant> time(String name) {
        Matcher number = Pattern.compile("\\(\\d+\\)(?=\\.[^.]*$)").matcher(name);
        String suffix = number.find() ? number.group() : "";
        String plain = suffix.isEmpty() ? name : name.replace(suffix, "");
        Instant time = times.get(key(plain, suffix));
        if (time == null) {
            time = times.get(key(plain.replace("-edited.", "."), suffix));
        }
        return Optional.ofNullable(time);
    }
}
