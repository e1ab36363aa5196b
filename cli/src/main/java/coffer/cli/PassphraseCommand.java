package coffer.cli;

import coffer.agent.Json;
import coffer.agent.RemoteSetup;
import coffer.core.CofferException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// What seals this device's keys for the time in which it is switched off, or stolen.
final class PassphraseCommand extends NeedsPart {

    private static final String FILE_OPTION = "--passphrase-file";
    private static final String NEW_FILE_OPTION = "--new-passphrase-file";
    private static final String[] FAR = {
        "The keys in this device's folder are sealed under it, and the device is locked whenever its agent starts, until `coffer unlock`. Whoever has"
                + " the machine, and not the passphrase, cannot open what is in the vault or speak in this device's name.",
        "Names of files and lists of mail, and of course synced folders, lie on the disk as they did: they are as safe as the disk's own encryption."
                + " A passphrase that is lost is lost; other devices and the recovery words work without it."
    };

    PassphraseCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "passphrase", "A passphrase for this device's keys.").parts("COMMAND").build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("set", new Set(coffer()));
        parts.put("change", new Change(coffer()));
        parts.put("remove", new Remove(coffer()));
        return parts;
    }

    abstract static class Part implements Action {
        final Coffer coffer;
        @Nullable String file;
        @Nullable String newFile;

        Part(Coffer coffer) {
            this.coffer = coffer;
        }

        final String present() throws CofferException {
            return Passphrases.read(file, "present passphrase: ", FILE_OPTION, coffer);
        }

        /// @param set whether one must be set
        final RemoteSetup device(boolean set) throws CofferException {
            RemoteSetup device = coffer.lockable();
            if (device.hasPassphrase() != set) {
                throw new UsageException(set ? "This device has no passphrase." : "This device has a passphrase; `coffer passphrase change` sets another.");
            }
            return device;
        }

        final int said(String text, boolean set) {
            coffer.output().result(text, Json.object().put("set", set).build());
            return Exit.OK;
        }
    }

    static final class Set extends Part {
        Set(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "set", "Seal this device's keys under a passphrase.", "", FAR[0], FAR[1])
                    .option(value -> newFile = value, "FILE", "Where the passphrase stands, in its first line; - for the input.", NEW_FILE_OPTION)
                    .examples("coffer passphrase set", "coffer passphrase set --new-passphrase-file -")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            RemoteSetup device = device(false);
            device.changePassphrase(Optional.empty(), Optional.of(Passphrases.readNew(newFile, NEW_FILE_OPTION, coffer)));
            return said("The keys are sealed. From the agent's next start on the device is locked until `coffer unlock`; `coffer lock` locks it now.", true);
        }
    }

    static final class Change extends Part {
        Change(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "change",
                            "Seal this device's keys under another passphrase.",
                            "",
                            "Whoever had a copy of the device's folder can still try the old one on it: if that is what you fear, remove this device from"
                                    + " another one and join anew.")
                    .option(value -> file = value, "FILE", "Where the present one stands, in its first line.", FILE_OPTION)
                    .option(value -> newFile = value, "FILE", "Where the new one stands, in its first line.", NEW_FILE_OPTION)
                    .examples("coffer passphrase change")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            RemoteSetup device = device(true);
            String present = present();
            device.changePassphrase(Optional.of(present), Optional.of(Passphrases.readNew(newFile, NEW_FILE_OPTION, coffer)));
            return said("The keys are sealed under the new passphrase.", true);
        }
    }

    static final class Remove extends Part {
        Remove(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "remove", "Keep this device's keys without a passphrase again.")
                    .option(value -> file = value, "FILE", "Where it stands, in its first line; - for the input.", FILE_OPTION)
                    .examples("coffer passphrase remove")
                    .build();
        }

        @Override
        public Integer call() throws CofferException {
            device(true).changePassphrase(Optional.of(present()), Optional.empty());
            return said("The device has no passphrase any more.", false);
        }
    }
}
