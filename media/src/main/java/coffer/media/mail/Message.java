package coffer.media.mail;

import coffer.media.mail.Headers.Field;
import java.util.List;

/// A message as far as it can be shown.
///
/// @param text    of its first readable text part; empty if there is none
/// @param html    of its first HTML part, not yet safe to show; empty if there is none
/// @param parts   everything in it that is no container, in order
/// @param whole   false if it was cut off at a limit, or could not be read on
public record Message(List<Field> headers, String text, String html, List<Part> parts, boolean whole) {

    public Message {
        headers = List.copyOf(headers);
        parts = List.copyOf(parts);
    }

    /// One part.
    ///
    /// @param index     its number, from 0
    /// @param type      such as `image/png`
    /// @param name      of the file; empty if it has none
    /// @param contentId by which HTML names it, without brackets; empty if it has none
    /// @param size      of its decoded bytes
    /// @param attached  whether it is to be saved rather than shown in place
    public record Part(int index, String type, String name, String contentId, long size, boolean attached) {}
}
