package coffer.cli;

import coffer.core.CofferException;
import coffer.device.DeviceSetup.Keep;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

final class RecoverCommand implements Action {

    enum Others {
        all,
        none
    }

    private final Coffer coffer;
    private String service = "";
    private @Nullable String certificate;
    private @Nullable String name;
    private @Nullable String wordsFile;
    private @Nullable Others keep;

    private List<String> removed = new ArrayList<>();

    RecoverCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                this,
                "recover",
                "Make this machine a device of your account again, with the 24 recovery words.",
                "",
                "Every key is changed. You say which of the other devices are still yours and stay.",
                "The words are typed, or read from the input or a file; never given on the command line, where others see them.")
                .required(value -> service = value, "URL", "The service's address.", "--service")
                .serviceCertificate(value -> certificate = value)
                .option(value -> name = value, "NAME", "This device's name (default: the machine's).", "--name")
                .option(value -> wordsFile = value, "FILE", "Where the words stand; - for the input.", "--words-file")
                .choice(Others.class, value -> keep = value, "all|none", "Whether the other devices stay.", "--keep")
                .repeated(
                        values -> removed = values,
                        "NAME",
                        "A device that does not stay; the others do.",
                        "--remove")
                .examples(
                        "coffer recover --service http://cloud.example:8443",
                        "coffer recover --service http://cloud.example:8443 --keep none < words.txt",
                        "coffer recover --service http://cloud.example:8443 --words-file words.txt --remove \"old phone\"")
                .build();
    }

    @Override
    public Integer call() throws CofferException {
        Keep stay = keep();
        String words = Words.read(wordsFile, coffer);
        URI address = Names.service(service);
        try (Bar bar = coffer.bar()) {
            coffer.setup(certificate)
                    .recover(
                            address, words, Names.device(name, coffer.terminal()), stay, bar);
        }
        return DeviceCommand.entered(coffer);
    }

    private Keep keep() throws CofferException {
        if (!removed.isEmpty()) {
            if (keep == Others.none) {
                throw new UsageException("Either --keep none or --remove NAME.");
            }
            return new Keep.AllBut(List.copyOf(removed));
        }
        if (keep != null) {
            return keep == Others.all ? new Keep.All() : new Keep.None();
        }
        if (!coffer.terminal().interactive().in()) {
            throw new UsageException("Say whether the other devices stay: --keep all, --keep none or --remove NAME.");
        }
        String answer = Ask.line(coffer, "Which of your other devices are still yours? [all/none, or one that is not] ")
                .orElse("")
                .strip();
        return switch (answer.toLowerCase(Locale.ROOT)) {
            case "all" -> new Keep.All();
            case "none" -> new Keep.None();
            case "" -> throw new UsageException("Say all, none, or the name of a device that is not yours any more.");
            default -> new Keep.AllBut(List.of(answer));
        };
    }
}
