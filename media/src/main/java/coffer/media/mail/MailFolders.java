package coffer.media.mail;

import java.util.Locale;

/// Which files of the vault are messages.
public final class MailFolders {

    private MailFolders() {}

    public static boolean isMessage(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".eml");
    }
}
