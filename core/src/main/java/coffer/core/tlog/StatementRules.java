package coffer.core.tlog;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the fields of statements may hold, and how each kind is read. Broken rules are [IllegalArgumentException]s.
final class StatementRules {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    /// Host names, IPv4 addresses, or IPv6 addresses in brackets.
    private static final Pattern ORIGIN =
            Pattern.compile("https?://([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]{2,45}])(:[1-9][0-9]{0,4})?");

    private StatementRules() {}

    static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("a field of a statement is outside its range");
        }
    }

    static void time(long time) {
        require(time >= 0);
    }

    static void id(String id) {
        require(ID.matcher(id).matches());
    }

    /// Shown to people as it is: something is there, and nothing in it moves the cursor, hides text or turns its direction.
    static void text(String text, int bytesMax) {
        require(text.codePoints().anyMatch(c -> c != ' ') && text.getBytes(StandardCharsets.UTF_8).length <= bytesMax);
        require(text.codePoints().noneMatch(StatementRules::isInvisible));
    }

    /// By fixed ranges, not by the character tables of whichever Java runs: all readers must agree for ever.
    private static boolean isInvisible(int c) {
        boolean control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
        boolean format = c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x206f)
                || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
        boolean lineOrDirection = c >= 0x2028 && c <= 0x202e;
        return control || format || lineOrDirection;
    }

    static void origins(List<String> origins) {
        require(!origins.isEmpty() && origins.size() <= Statement.ORIGINS_MAX);
        String last = "";
        for (String origin : origins) {
            require(isOrigin(origin) && last.compareTo(origin) < 0);
            last = origin;
        }
    }

    /// Lower case, nothing after the port, and no port that the scheme implies.
    private static boolean isOrigin(String origin) {
        boolean implied = origin.startsWith("http://") ? origin.endsWith(":80") : origin.endsWith(":443");
        return ORIGIN.matcher(origin).matches() && !implied;
    }

    static Statement read(CborReader in, long kind, int size) throws CborException {
        require(kind <= 0 || kind > 7 || size == fields((int) kind));
        return switch ((int) Math.min(kind, Integer.MAX_VALUE)) {
            case 1 -> new Statement.RegionAdded(time(in), label(in), label(in), label(in));
            case 2 -> 
                new Statement.ProviderStated(
                        time(in),
                        label(in),
                        label(in),
                        label(in),
                        labels(in),
                        (int) in.integer(1, Statement.WEIGHT_MAX));
            case 3 ->
                new Statement.ProviderStateChanged(
                        time(in),
                        label(in),
                        ProviderState.of(in.integer()),
                        (int) in.integer(0, Statement.SHARE_MAX),
                        in.text(Statement.WORDS_BYTES_MAX),
                        in.nil() ? Optional.empty() : Optional.of(hash(in)));
            case 4 -> new Statement.EvaluationReported(time(in), label(in), hash(in), in.bool());
            case 5 -> new Statement.PlacementStated(time(in), label(in), (int) in.integer(1, Statement.COPIES_MAX));
            case 6 -> new Statement.OperatorAction(time(in), label(in), in.text(Statement.WORDS_BYTES_MAX));
            case 7 -> new Statement.AccountHead(hash(in), hash(in));
            default -> throw new Statement.UnknownStatementException();
        };
    }

    private static int fields(int kind) {
        return switch (kind) {
            case 1, 4 -> 5;
            case 2, 3 -> 7;
            case 5, 6 -> 4;
            default -> 3;
        };
    }

    private static long time(CborReader in) throws CborException {
        return in.integer(0, Long.MAX_VALUE);
    }

    private static String label(CborReader in) throws CborException {
        return in.text(Statement.TEXT_BYTES_MAX);
    }

    private static Hash hash(CborReader in) throws CborException {
        return new Hash(in.bytesOf(Hash.SIZE));
    }

    private static List<String> labels(CborReader in) throws CborException {
        List<String> texts = new ArrayList<>();
        for (int left = in.array(Statement.ORIGINS_MAX); left > 0; left--) {
            texts.add(label(in));
        }
        return texts;
    }
}
