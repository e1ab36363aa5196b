package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.RecoveryCheck;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// The recovery words, while there still is a device.
final class RecoveryCommand extends NeedsPart {

    RecoveryCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "recovery", "The recovery words, while you still have a device.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        return Map.of("check", new Check(coffer()));
    }

    static final class Check extends OnDevice {
        private boolean all;
        private @Nullable String wordsFile;

        Check(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "check",
                            "Check that you still have the right recovery words.",
                            "",
                            "Asks for two of the 24 where this device has once had them (it made the account, or recovered it), and for all"
                                    + " of them elsewhere. They are typed, or read from the input or a file; never given on the command line,"
                                    + " where others see them.")
                    .flag(value -> all = value, "Ask for all 24: the whole proof, everywhere.", "--all")
                    .option(value -> wordsFile = value, "FILE", "Where the words stand, two or 24; - for the input.", "--words-file")
                    .examples("coffer recovery check", "coffer recovery check --all", "coffer recovery check --words-file words.txt")
                    .build();
        }

        @Override
        int run(Device device) throws CofferException {
            RecoveryCheck before = device.recovery();
            boolean two = !all && wordsFile == null && coffer().terminal().interactive().in() && !before.places().isEmpty();
            String words = two ? Words.ask(before.places(), coffer()) : Words.read(wordsFile, coffer());
            RecoveryCheck after = device.checkRecovery(words);
            output().result(
                    words.split(" ").length == 2
                            ? "Both words are right: you have the right paper."
                            : "All 24 words are right: with them the account comes back.",
                    Wire.recovery(after));
            return Exit.OK;
        }
    }
}
