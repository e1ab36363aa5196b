package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import org.jspecify.annotations.Nullable;

/// What this device cannot do because of what is, or is not, in the vault or in its home; each with the advice that
/// fits, because the general advice of LOCAL is for disks.
final class Refusals {

    private Refusals() {}

    static CofferException locked() {
        return refusal(
                "This device is locked: its keys are sealed under its passphrase.",
                "Nothing was changed. `coffer unlock` asks for the passphrase; the device stays open until its agent ends.");
    }

    static CofferException notThePassphrase(Exception cause) {
        return CofferException.withAdvice(
                ErrorCode.LOCAL,
                "This is not the passphrase of this device, or its key file is damaged.",
                "Nothing was changed. Type it again. If it is lost, remove this device from another one and join anew with another home, or recover"
                        + " with the 24 words.",
                cause);
    }

    static CofferException passphraseOfAnotherLength() {
        return refusal(
                "A passphrase has at least 8 and at most 1,024 characters.",
                "Nothing was changed. Five or six words drawn at random are easy to type and hard to try.");
    }

    static CofferException nothingThere() {
        return refusal(
                "There is nothing at that path in the vault.",
                "Nothing was changed. `coffer ls` shows what there is, `coffer trash` what was removed.");
    }

    static CofferException taken(String message) {
        return refusal(message, "Nothing was changed. Choose another name, or move what is there with `coffer mv`.");
    }

    static CofferException notAFolder(String message) {
        return refusal(message, "Nothing was changed. `coffer ls -l` shows what is a folder.");
    }

    static CofferException intoItself() {
        return refusal(
                "A folder cannot be moved into itself.", "Nothing was changed. Choose a place outside the folder.");
    }

    static CofferException root() {
        return refusal(
                "The root of a vault is not moved or removed.", "Nothing was changed. Name what is in it instead.");
    }

    static CofferException noSuchVersion() {
        return refusal(
                "There is no such version of it.", "Nothing was changed. `coffer history` lists those that are kept.");
    }

    static CofferException notInTrash() {
        return refusal(
                "There is no such item in the trash.", "Nothing was changed. `coffer trash` lists what is in it.");
    }

    static CofferException noSuchEntry() {
        return refusal(
                "The vault's log has no such entry.", "Nothing was changed. `coffer history` and `coffer status` show their numbers.");
    }

    static CofferException beforeTheVault() {
        return refusal(
                "The vault did not exist then.", "Nothing was changed. Name a later time, or an entry that `coffer history` shows.");
    }

    static CofferException forgotten() {
        return refusal(
                "What was removed or replaced is kept for 30 days; before that nothing can be put back as a whole.",
                "Nothing was changed. `coffer history` shows what is still kept of one file.");
    }

    static CofferException nothingThereThen() {
        return refusal(
                "Nothing was at that path then.",
                "Nothing was changed. Name a folder that was there, or remove what has come since with `coffer rm`.");
    }

    static CofferException notAFile() {
        return refusal("That is not a file.", "Nothing was changed. `coffer get` writes folders and links too.");
    }

    /// Something that this device keeps is not as it wrote it.
    static CofferException damaged(String message, @Nullable Throwable cause) {
        String advice = "What was committed is safe with the service. Join this device anew into a fresh home"
                + " (`coffer device join`, or `coffer recover`).";
        return cause == null
                ? refusal(message, advice)
                : CofferException.withAdvice(ErrorCode.LOCAL, message, advice, cause);
    }

    private static CofferException refusal(String message, String advice) {
        return CofferException.withAdvice(ErrorCode.LOCAL, message, advice);
    }
}
