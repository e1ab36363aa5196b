package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.Limits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// How fast this device may send and receive.
final class LimitCommand extends OnDevice {

    private static final Pattern RATE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?) ?(k|m|g)?(i)?(b|bit)?(?:/s|ps)?");

    /// As the device has it.
    private static final long MIN = 32_000;

    private static final long MAX = 1L << 50;

    private @Nullable String what;
    private @Nullable String up;
    private @Nullable String down;

    LimitCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "limit",
                        "Limit how fast this device sends and receives content, or show the limits.",
                        "",
                        "Counts at once, for everything on this device, until it is changed. A direction that is not named stays as it"
                                + " is. RATE is bytes per second (500k, 2M, 1.5MiB), bits per second (20Mbit), or off.")
                .maybe(0, value -> what = value, "off", "No limits any more.")
                .option(value -> up = value, "RATE", "For sending.", "--up")
                .option(value -> down = value, "RATE", "For receiving.", "--down")
                .examples("coffer limit --up 500k --down 2M", "coffer limit --up off", "coffer limit off", "coffer limit")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        String all = what;
        if (all != null && (!isOff(all) || up != null || down != null)) {
            throw new UsageException("Say `coffer limit off`, or which way: `coffer limit --up RATE --down RATE`.");
        }
        Limits limits = device.limits();
        if (all != null) {
            limits = new Limits(0, 0);
        }
        limits = new Limits(up == null ? limits.up() : rate(up), down == null ? limits.down() : rate(down));
        if (all != null || up != null || down != null) {
            device.limit(limits);
        }
        output().result(said(limits), Wire.limits(limits));
        return Exit.OK;
    }

    static String said(Limits limits) {
        return "sending " + said(limits.up()) + ", receiving " + said(limits.down());
    }

    private static String said(long rate) {
        return rate == 0 ? "without limit" : "at most " + Shown.bytes(rate) + "/s";
    }

    private static boolean isOff(String text) {
        return text.toLowerCase(Locale.ROOT).equals("off");
    }

    /// Bytes per second; 0 for `off`.
    static long rate(String text) {
        if (isOff(text)) {
            return 0;
        }
        Matcher parts = RATE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!parts.matches() || (parts.group(2) == null && parts.group(3) != null)) {
            throw new UsageException("That is no rate: " + text + ". Say 500k, 2M, 1.5MiB, 20Mbit, or off.");
        }
        long unit = parts.group(3) == null ? 1000 : 1024;
        int power = parts.group(2) == null ? 0 : 1 + "kmg".indexOf(parts.group(2));
        BigDecimal bytes = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit).pow(power));
        if ("bit".equals(parts.group(4))) {
            bytes = bytes.divide(BigDecimal.valueOf(8), RoundingMode.HALF_UP);
        }
        long rate = bytes.min(BigDecimal.valueOf(MAX)).longValue();
        if (rate < MIN) {
            throw new UsageException("That is slower than transfers can be: at least 32k, or off.");
        }
        return rate;
    }
}
