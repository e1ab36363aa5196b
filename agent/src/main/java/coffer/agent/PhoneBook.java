package coffer.agent;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a device's home keeps of phones: whether and where they are served, the certificate they are shown, and who was let in.
///
/// `phone.json`, for the owner alone. Of a phone's secrets it holds hashes, so that who reads the file is no phone. Every change but
/// that of `used` is on the disk when the method returns. Not safe for several threads: [Phones] guards it.
final class PhoneBook {

    /// One phone that was let in.
    ///
    /// @param key    SHA-256 of its session's key
    /// @param cookie SHA-256 of its cookie
    /// @param ends   when it has to be let in anew
    record Phone(String name, Bytes key, Bytes cookie, Instant added, Instant ends, Optional<Instant> used) {

        private Phone usedAt(Instant now) {
            return new Phone(name, key, cookie, added, ends, Optional.of(now));
        }
    }

    /// Where phones are served.
    ///
    /// @param address literal
    record Place(String address, int port) {}

    static final String FILE = "phone.json";
    static final Duration LIVES = Duration.ofDays(365);
    static final int PHONES_MAX = 32;

    private static final int SIZE_MAX = 64 << 10;
    private static final Duration USE_SAVED = Duration.ofMinutes(10);

    private final Path file;
    private final InstantSource clock;
    private boolean on;
    private @Nullable Place place;
    private @Nullable PhoneCertificate certificate;
    private List<Phone> phones = new ArrayList<>();
    private Instant useSaved = Instant.EPOCH;

    private PhoneBook(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /// As the home has it; off and empty if it has none.
    static PhoneBook open(Path home, InstantSource clock) throws CofferException {
        PhoneBook book = new PhoneBook(home.resolve(FILE), clock);
        try {
            byte[] bytes = Files.readAllBytes(book.file);
            if (bytes.length > SIZE_MAX) {
                throw new Json.JsonException("too long");
            }
            book.decode(Json.parseObject(new String(bytes, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            return book;
        } catch (IOException | Json.JsonException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "What this device keeps of phones cannot be read.",
                    "No phone is served. Remove phone.json from the home, and pair the phones again.",
                    e);
        }
        return book;
    }

    private void decode(Json.Fields json) {
        on = json.flag("on");
        if (json.find("port").isPresent()) {
            place = new Place(json.text("address"), Math.toIntExact(json.whole("port")));
        }
        if (json.find("certificate").isPresent()) {
            Base64.Decoder base64 = Base64.getDecoder();
            certificate = new PhoneCertificate(base64.decode(json.text("key")), base64.decode(json.text("certificate")));
        }
        for (Json.Fields phone : json.list("phones")) {
            phones.add(new Phone(
                    phone.text("name"),
                    hash(phone.text("key")),
                    hash(phone.text("cookie")),
                    Instant.parse(phone.text("added")),
                    Instant.parse(phone.text("ends")),
                    phone.findText("used").map(Instant::parse)));
        }
    }

    private static Bytes hash(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != Hash.SIZE) {
            throw new IllegalArgumentException("not a hash");
        }
        return Bytes.of(bytes);
    }

    private void save() throws CofferException {
        Json.Builder json = Json.object().put("on", on);
        Place where = place;
        if (where != null) {
            json.put("address", where.address()).put("port", where.port());
        }
        PhoneCertificate shown = certificate;
        if (shown != null) {
            Base64.Encoder base64 = Base64.getEncoder();
            json.put("key", base64.encodeToString(shown.key())).put("certificate", base64.encodeToString(shown.encoded()));
        }
        json.put("phones", phones.stream()
                .map(phone -> Json.object()
                        .put("name", phone.name())
                        .put("key", phone.key().hex())
                        .put("cookie", phone.cookie().hex())
                        .put("added", phone.added().toString())
                        .put("ends", phone.ends().toString())
                        .put("used", phone.used().map(Instant::toString))
                        .build())
                .toList());
        try {
            OwnerOnly.replaceForGood(file, (json.build().line() + "\n").getBytes(StandardCharsets.UTF_8));
            useSaved = clock.instant();
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL, "What is kept of phones cannot be written.", "Look whether the disk is full; then try again.", e);
        }
    }

    boolean isOn() {
        return on;
    }

    Optional<Place> place() {
        return Optional.ofNullable(place);
    }

    Optional<PhoneCertificate> certificate() {
        return Optional.ofNullable(certificate);
    }

    /// Those that may come in now.
    List<Phone> phones() {
        Instant now = clock.instant();
        return phones.stream().filter(phone -> now.isBefore(phone.ends())).toList();
    }

    void turnOn(Place where, PhoneCertificate shown) throws CofferException {
        on = true;
        place = where;
        certificate = shown;
        save();
    }

    void turnOff() throws CofferException {
        on = false;
        save();
    }

    /// Adds a phone under a name that no other has; returns it.
    String add(String kind, PageSessions.Session session) throws CofferException {
        phones = new ArrayList<>(phones());
        if (phones.size() >= PHONES_MAX) {
            throw CofferException.withAdvice(
                    ErrorCode.LIMIT, "There are too many phones.", "The new one was not let in. Remove one that you do not use.");
        }
        Instant now = clock.instant();
        String name = freeName(kind);
        phones.add(new Phone(name, hashOf(session.key()), hashOf(session.cookie()), now, now.plus(LIVES), Optional.empty()));
        save();
        return name;
    }

    private String freeName(String kind) {
        String name = kind;
        for (int number = 2; named(name).isPresent(); number++) {
            name = kind + " " + number;
        }
        return name;
    }

    Optional<Phone> named(String name) {
        return phones.stream().filter(phone -> phone.name().equals(name)).findFirst();
    }

    Optional<Phone> withKey(String key) {
        Bytes hash = hashOf(key);
        return phones.stream().filter(phone -> phone.key().equals(hash)).findFirst();
    }

    void remove(Phone gone) throws CofferException {
        phones = new ArrayList<>(phones.stream().filter(phone -> !phone.key().equals(gone.key())).toList());
        save();
    }

    /// The phone with that session; remembers that it was used.
    Optional<Phone> find(String key, String cookie) {
        Bytes hash = hashOf(key);
        byte[] given = hashOf(cookie).toArray();
        Optional<Phone> found = phones().stream()
                .filter(phone -> phone.key().equals(hash) && MessageDigest.isEqual(phone.cookie().toArray(), given))
                .findFirst();
        found.ifPresent(this::use);
        return found;
    }

    private void use(Phone used) {
        Instant now = clock.instant();
        phones.replaceAll(phone -> phone.equals(used) ? phone.usedAt(now) : phone);
        if (Duration.between(useSaved, now).compareTo(USE_SAVED) > 0) {
            saveUse();
        }
    }

    /// When phones were last used is worth no failure.
    void saveUse() {
        useSaved = clock.instant();
        if (phones.isEmpty()) {
            return;
        }
        try {
            save();
        } catch (CofferException e) {
            org.slf4j.LoggerFactory.getLogger(PhoneBook.class).warn("the use of phones is not noted: {}", e.code());
        }
    }

    /// The secrets are of 256 random bits, so nothing slower is needed.
    static Bytes hashOf(String secret) {
        return Hash.of(secret.getBytes(StandardCharsets.UTF_8)).value();
    }
}
