package coffer.device.sync.plan;

import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.NodeId;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How names of the vault stand on one disk, and back (docs/sync.md, "Names").
///
/// A character that the disk cannot hold is written as the private character U+F000 + c, which every disk can hold and
/// which is turned back on the way to the vault.
///
/// @param foldsCase   whether the disk takes `a` and `A` for one name
/// @param foldsForms  whether it takes names of equal Unicode form for one
/// @param windows     whether it has the forbidden characters and names of Windows
public record Names(boolean foldsCase, boolean foldsForms, boolean windows) {

    public static final Names EXACT = new Names(false, false, false);

    /// Our own items in a synced folder begin so; nobody else's do.
    public static final String OWN = ".coffer";

    /// Names what is not sent from its folder on; itself an item like others.
    public static final String IGNORE = OWN + "ignore";

    private static final String MOVING = OWN + "-moving-";
    private static final int MARK_LENGTH = 8;

    /// So many names beside a taken one are tried; more are taken only on purpose.
    private static final int MARKS_MAX = 20;

    private static final int ESCAPE = 0xf000;
    private static final String FORBIDDEN = "<>:\"\\|?*";
    private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL");
    private static final int EXTENSION_BYTES_MAX = 32;

    /// What two names must differ in to be in one folder of this disk.
    public String key(String localName) {
        String name = foldsForms || foldsCase ? Normalizer.normalize(localName, Normalizer.Form.NFC) : localName;
        return foldsCase ? name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT) : name;
    }

    /// The name that a local item gets in the vault; null if no vault can hold it.
    public @Nullable String toVault(String localName) {
        StringBuilder name = new StringBuilder(localName.length());
        for (int i = 0; i < localName.length(); i++) {
            char c = localName.charAt(i);
            char plain = (char) (c - ESCAPE);
            name.append(c > ESCAPE && c < ESCAPE + 0x80 && escapes(localName, i, plain) ? plain : c);
        }
        String vaultName = Normalizer.normalize(name, Normalizer.Form.NFC);
        return coffer.seal.Names.isAcceptable(vaultName) ? vaultName : null;
    }

    private boolean escapes(String localName, int at, char plain) {
        boolean first = at == 0;
        boolean last = at == localName.length() - 1;
        return (first && plain == '.')
                || (windows && (FORBIDDEN.indexOf(plain) >= 0 || plain < 0x20 || first || (last && (plain == '.' || plain == ' '))));
    }

    /// The name that a node of the vault gets on the disk.
    public String toLocal(String name) {
        StringBuilder local = new StringBuilder(name);
        if (isOwn(name)) {
            escape(local, 0);
        }
        if (windows) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (FORBIDDEN.indexOf(c) >= 0 || c < 0x20) {
                    escape(local, i);
                }
            }
            char last = local.charAt(local.length() - 1);
            if (last == '.' || last == ' ') {
                escape(local, local.length() - 1);
            }
            if (isDevice(name)) {
                escape(local, 0);
            }
        }
        return local.toString();
    }

    /// The ignore files are everybody's: they go wherever their folder goes.
    private static boolean isOwn(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(OWN) && !name.equals(IGNORE);
    }

    private static void escape(StringBuilder name, int at) {
        if (name.charAt(at) < 0x80) {
            name.setCharAt(at, (char) (ESCAPE + name.charAt(at)));
        }
    }

    private static boolean isDevice(String name) {
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toUpperCase(Locale.ROOT);
        return DEVICES.contains(stem) || stem.matches("(COM|LPT)[0-9]");
    }

    /// Local names, best first, of a node whose own name is taken on this disk by one that differs in the vault.
    List<String> besides(String name, NodeId id) {
        return marks(id).map(mark -> toLocal(marked(name, mark))).toList();
    }

    boolean isBesides(String localName, String name, NodeId id) {
        return localName.contains(id.hex().substring(0, MARK_LENGTH)) && besides(name, id).contains(localName);
    }

    private static Stream<String> marks(NodeId id) {
        Stream<String> numbered = IntStream.rangeClosed(2, MARKS_MAX).mapToObj(i -> id.hex() + " " + i);
        return Stream.concat(Stream.of(id.hex().substring(0, MARK_LENGTH), id.hex()), numbered);
    }

    /// The vault names, best first, of a local item whose name equals another's in the vault though not on this disk.
    static List<String> besidesInVault(String name, String localName, NodeId id) {
        String mark = Hash.of(localName.getBytes(StandardCharsets.UTF_8)).hex().substring(0, MARK_LENGTH);
        return Stream.concat(Stream.of(mark), marks(id)).map(one -> marked(name, one)).toList();
    }

    /// Where an item waits in the top folder while others take its place.
    static String moving(NodeId id) {
        return MOVING + id.hex();
    }

    /// The node that waits under that name; null if it is none of [#moving].
    public static @Nullable NodeId moved(String localName) {
        boolean fits = isMoving(localName) && localName.substring(MOVING.length()).matches("[0-9a-f]{32}");
        return fits ? NodeId.ofHex(localName.substring(MOVING.length())) : null;
    }

    static boolean isMoving(String localName) {
        return localName.startsWith(MOVING);
    }

    /// `name (mark).ext`, with the stem shortened where the whole would be too long.
    static String marked(String name, String mark) {
        int dot = name.lastIndexOf('.');
        boolean hasExtension = dot > 0 && bytes(name.substring(dot)) <= EXTENSION_BYTES_MAX;
        String extension = hasExtension ? name.substring(dot) : "";
        String stem = hasExtension ? name.substring(0, dot) : name;
        String suffix = " (" + mark + ")" + extension;
        while (bytes(stem) + bytes(suffix) > Limits.NAME_BYTES_MAX) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return stem + suffix;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
