package coffer.seal;

import coffer.core.Bytes;
import coffer.core.CborWriter;
import coffer.core.DeviceId;

/// Where a wrap belongs; its encoding is the HPKE info, so that a wrap copied to any other place does not open.
///
/// @param purpose             [Label#WRAP_GENERATION] or [Label#WRAP_EPOCH]
/// @param logId               the 32 bytes of the log whose entry holds the wrap; empty in its genesis
/// @param sequence            of that entry
/// @param sender              the device that signs that entry
/// @param recipient           32 bytes: the id of a device (generation wraps) or of an account (epoch wraps)
/// @param recipientGeneration the generation of the recipient's key; 0 for a device
/// @param number              the generation or epoch whose secret is wrapped
public record WrapContext(
        Label purpose,
        Bytes logId,
        long sequence,
        DeviceId sender,
        Bytes recipient,
        long recipientGeneration,
        long number) {

    public WrapContext {
        if (purpose != Label.WRAP_GENERATION && purpose != Label.WRAP_EPOCH) {
            throw new IllegalArgumentException("not a purpose of wrapping");
        }
    }

    byte[] encode() {
        return new CborWriter()
                .array(7)
                .text(purpose.text())
                .bytes(logId)
                .integer(sequence)
                .bytes(sender.value())
                .bytes(recipient)
                .integer(recipientGeneration)
                .integer(number)
                .toByteArray();
    }
}
