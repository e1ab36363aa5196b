package coffer.core;

/// What went wrong, as people and programs see it: stable names, stable exit statuses, one sentence of advice.
///
/// Names and statuses never change meaning; new ones are added at the end (docs/errors.md).
public enum ErrorCode {
    INTEGRITY(10, "Stored bytes are not what was written; they were refused and nothing was changed."
            + " Run `coffer verify --full` to see what is affected; another copy is used where there is one."),
    CHAIN(11, "The service sent a log that does not verify; it was refused and this device keeps its last good state."
            + " Try again later, and ask the service's operator if it stays so."),
    ROLLBACK(12, "The service offered an older state than this device has already seen; writing has stopped and"
            + " nothing is lost. Ask the service's operator why; compare with another device."),
    FORK(13, "The service shows different histories to different devices; writing has stopped and both histories are"
            + " kept. Compare with another device before going on."),
    KEY_CHANGED(14, "A key is not the one this device knows; nothing was sent to it."
            + " Check with the other person or device directly."),
    DOWNGRADE(15, "Something asks for an unknown or weaker format; it was refused. Update Coffer, then try again."),
    NOT_AUTHORISED(16, "This device does not have the right to do that; nothing was changed."
            + " `coffer device list` shows the devices of the account and their roles."),
    ENROLMENT(17, "The code or the words were not accepted; nothing was trusted."
            + " Make a new code on the other device, or check the words one by one."),
    RESIDENCY(18, "The place offered for the data is not in the chosen region; nothing was sent."
            + " Ask the service's operator."),
    UNSAFE_NAME(19, "A name cannot be written safely here; it was left out and the rest went on."
            + " Rename it with `coffer mv`."),
    LIMIT(20, "A limit was exceeded; the item was refused and nothing else is affected."
            + " docs/spec/limits.md lists the limits."),
    PROTOCOL(21, "The other side sent something the protocol does not allow; it was refused and nothing was changed."
            + " Check the address, and that both sides run compatible versions."),
    UNAVAILABLE(22, "The service or a provider cannot be reached now; nothing is lost."
            + " Check the network and the address, then run the same command again: it goes on where it stopped."),
    QUOTA(23, "The service has no more room for this account; what was committed is safe."
            + " Remove something and empty the trash, or ask the service's operator for more room."),
    LOCAL(24, "This device's own disk or files refused; what was committed is safe."
            + " Free some space or check the permissions, then run the same command again.");

    private final int exitStatus;
    private final String advice;

    ErrorCode(int exitStatus, String advice) {
        this.exitStatus = exitStatus;
        this.advice = advice;
    }

    /// The exit status of a command that ends with this code.
    public int exitStatus() {
        return exitStatus;
    }

    /// What is safe and what to do, for a person.
    public String advice() {
        return advice;
    }
}
