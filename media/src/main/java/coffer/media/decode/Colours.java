package coffer.media.decode;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The colours that a picture means. Previews carry no profile, so they are in the colours of the web (sRGB).
final class Colours {

    private static final byte[] MARK = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    /// A profile of three colours has a few kilobytes.
    private static final int PROFILE_MAX = 1 << 20;

    private Colours() {}

    /// What a JPEG says that its numbers mean, where that is not the usual thing.
    static Optional<ColorSpace> of(byte[] jpeg) {
        byte[] profile = profile(jpeg);
        if (profile.length == 0 || new String(profile, StandardCharsets.ISO_8859_1).contains("sRGB")) {
            return Optional.empty();
        }
        try {
            ICC_Profile icc = ICC_Profile.getInstance(profile);
            return icc.getColorSpaceType() == ColorSpace.TYPE_RGB ? Optional.of(new ICC_ColorSpace(icc)) : Optional.empty();
        } catch (IllegalArgumentException | CMMException e) {
            return Optional.empty(); // nobody can know then
        }
    }

    /// The parts of the profile, which stand in order in every file that was seen.
    private static byte[] profile(byte[] jpeg) {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        int at = 2;
        while (at + 4 <= jpeg.length && jpeg[at] == (byte) 0xff && jpeg[at + 1] != (byte) 0xda) {
            int end = at + 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
            int text = at + 4;
            int data = text + MARK.length + 2;
            boolean isPart = jpeg[at + 1] == (byte) 0xe2
                    && data < end
                    && end <= jpeg.length
                    && Arrays.equals(jpeg, text, text + MARK.length, MARK, 0, MARK.length);
            if (isPart && profile.size() + end - data <= PROFILE_MAX) {
                profile.write(jpeg, data, end - data);
            }
            at = end;
        }
        return profile.toByteArray();
    }

    static Pixels plain(Pixels pixels, ColorSpace meant) {
        BufferedImage image = pixels.image();
        ColorModel model = new ComponentColorModel(meant, false, false, ColorModel.OPAQUE, image.getRaster().getTransferType());
        return Pixels.of(plain(new BufferedImage(model, image.getRaster(), false, null)));
    }

    /// In the usual colours; greys, transparent pictures and such of few colours are left to who reads them pixel by pixel.
    static BufferedImage plain(BufferedImage image) {
        ColorModel model = image.getColorModel();
        ColorSpace meant = model.getColorSpace();
        if (!(model instanceof ComponentColorModel) || model.hasAlpha() || meant.isCS_sRGB() || meant.getType() != ColorSpace.TYPE_RGB) {
            return image;
        }
        BufferedImage plain = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        try {
            return new ColorConvertOp(null).filter(image, plain);
        } catch (IllegalArgumentException | CMMException e) {
            return image;
        }
    }
}
