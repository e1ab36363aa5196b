package coffer.media.decode;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.lang.GeoLocation;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.exif.GpsDirectory;
import com.drew.metadata.exif.makernotes.AppleMakernoteDirectory;
import com.drew.metadata.mp4.Mp4Directory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Date;
import java.util.OptionalLong;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/// What a picture says of itself beside its pixels.
///
/// @param orientation 1 to 8; 1 if it says none
@SuppressWarnings("JavaUtilDate") // the library speaks of times so
record Facts(int orientation, OptionalLong taken, boolean zoned, int[] place, String camera, String pair) {

    private static final Facts NONE = new Facts(1, OptionalLong.empty(), false, new int[0], "", "");

    static Facts of(byte[] file) {
        try {
            return of(ImageMetadataReader.readMetadata(new ByteArrayInputStream(file), file.length));
        } catch (ImageProcessingException | IOException | RuntimeException e) {
            return NONE;
        }
    }

    private static Facts of(Metadata metadata) {
        ExifIFD0Directory main = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        ExifSubIFDDirectory exif = metadata.getFirstDirectoryOfType(ExifSubIFDDirectory.class);
        GpsDirectory gps = metadata.getFirstDirectoryOfType(GpsDirectory.class);
        AppleMakernoteDirectory apple = metadata.getFirstDirectoryOfType(AppleMakernoteDirectory.class);
        Mp4Directory film = metadata.getFirstDirectoryOfType(Mp4Directory.class);
        Integer orientation = main == null ? null : main.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
        boolean zoned = exif != null && exif.getString(ExifDirectoryBase.TAG_TIME_ZONE_ORIGINAL) != null;
        Date taken = time(exif, main, film);
        return new Facts(
                orientation == null || orientation < 1 || orientation > 8 ? 1 : orientation,
                taken == null ? OptionalLong.empty() : OptionalLong.of(taken.getTime()),
                zoned || film != null,
                place(gps),
                camera(main),
                apple == null ? "" : text(apple, AppleMakernoteDirectory.TAG_CONTENT_IDENTIFIER));
    }

    private static @Nullable Date time(
            @Nullable ExifSubIFDDirectory exif, @Nullable ExifIFD0Directory main, @Nullable Mp4Directory film) {
        TimeZone utc = TimeZone.getTimeZone("UTC");
        Date date = exif == null ? null : exif.getDateOriginal(utc);
        date = date == null && exif != null ? exif.getDateDigitized(utc) : date;
        date = date == null && main != null ? main.getDate(ExifDirectoryBase.TAG_DATETIME, utc) : date;
        date = date == null && film != null ? film.getDate(Mp4Directory.TAG_CREATION_TIME, utc) : date;
        return date == null || date.getTime() < -2_000_000_000_000L || date.getTime() > 4_102_444_800_000L || date.getTime() == 0
                ? null
                : date;
    }

    private static int[] place(@Nullable GpsDirectory gps) {
        GeoLocation location = gps == null ? null : gps.getGeoLocation();
        if (location == null
                || location.isZero()
                || Math.abs(location.getLatitude()) > 90
                || Math.abs(location.getLongitude()) > 180) {
            return new int[0];
        }
        return new int[] {(int) Math.round(location.getLatitude() * 1e7), (int) Math.round(location.getLongitude() * 1e7)};
    }

    private static String camera(@Nullable ExifIFD0Directory main) {
        if (main == null) {
            return "";
        }
        String maker = text(main, ExifDirectoryBase.TAG_MAKE);
        String model = text(main, ExifDirectoryBase.TAG_MODEL);
        return model.startsWith(maker) ? model : (maker + " " + model).strip();
    }

    private static String text(Directory directory, int tag) {
        String text = directory.getString(tag);
        return text == null ? "" : text.strip();
    }

    /// The largest JPEG that lies in a file, of a raw picture its embedded preview: found by its first and last marks.
    static byte[] embeddedJpeg(byte[] file) {
        int best = -1;
        int bestLength = 0;
        for (int at = 0; at + 3 < file.length; at++) {
            boolean begins = file[at] == (byte) 0xff && file[at + 1] == (byte) 0xd8 && file[at + 2] == (byte) 0xff;
            if (begins) {
                int end = jpegEnd(file, at);
                if (end - at > bestLength) {
                    best = at;
                    bestLength = end - at;
                }
                at = end > at ? end - 1 : at + 2;
            }
        }
        return best < 0 ? new byte[0] : java.util.Arrays.copyOfRange(file, best, best + bestLength);
    }

    /// Follows the segments of a JPEG from its start to the end of its scans; `start` if they lead nowhere.
    private static int jpegEnd(byte[] file, int start) {
        int at = start + 2;
        while (at + 4 <= file.length && file[at] == (byte) 0xff) {
            int mark = file[at + 1] & 0xff;
            if (mark == 0xd9) {
                return at + 2;
            }
            int length = (file[at + 2] & 0xff) << 8 | (file[at + 3] & 0xff);
            at += 2 + length;
            if (mark == 0xda) {
                while (at + 1 < file.length && !(file[at] == (byte) 0xff && isMark(file[at + 1] & 0xff))) {
                    at++;
                }
            }
        }
        return start;
    }

    /// In the coded data, 00 stands for the byte before it and D0 to D7 begin it anew.
    private static boolean isMark(int second) {
        return second != 0 && (second < 0xd0 || second > 0xd7) && second != 0xff;
    }

}
