package coffer.cli;

import coffer.agent.Wire;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.Device.RegionChoice;
import coffer.device.Device.RegionReport;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// In which region the vault lies, and how a person chooses another.
final class RegionCommand extends OnDevice {

    private @Nullable String wanted;
    private boolean yes;

    RegionCommand(Coffer coffer) {
        super(coffer);
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(
                        this,
                        "region",
                        "Show in which region everything lies, or choose another.",
                        "",
                        "Regions come from the service's transparency log, the choice from your own signed log; both are verified by"
                                + " this device. After a change nothing new is sent to the former region, what lies there is moved by"
                                + " the service and read in either place meanwhile. How much is left there only the service knows.")
                .maybe(0, value -> wanted = value, "NAME", "The region to move to.")
                .flag(value -> yes = value, "Do not ask.", "--yes")
                .examples("coffer region", "coffer region is")
                .build();
    }

    @Override
    int run(Device device) throws CofferException {
        RegionReport before = device.regions();
        String to = wanted;
        if (to == null) {
            return show(before);
        }
        Optional<RegionChoice> choice = before.regions().stream().filter(one -> one.id().equals(to)).findFirst();
        boolean sure = to.equals(before.region()) || choice.isEmpty() || yes
                || Ask.yes(coffer(), "Move everything from " + Shown.name(before.region()) + " to " + words(choice.get()) + "?");
        if (!sure) {
            output().note("Nothing was changed.");
            return Exit.PROBLEMS;
        }
        boolean changed = device.chooseRegion(to);
        if (!output().isJson()) {
            output().line(changed
                    ? "The region is now " + Shown.name(to) + ". The service moves what is stored; `coffer region` says how far it is."
                    : "The region is " + Shown.name(to) + " already; nothing was changed.");
        }
        return show(device.regions());
    }

    private static String words(RegionChoice choice) {
        return Shown.name(choice.id()) + " (" + Shown.name(choice.name()) + ", jurisdiction: " + Shown.name(choice.jurisdiction()) + ")";
    }

    private int show(RegionReport report) {
        if (output().isJson()) {
            output().json(Wire.regions(report));
            return output().problems(report.problems());
        }
        ZoneId zone = coffer().terminal().zone();
        output().line("Everything is to lie in region " + Shown.name(report.region()) + ", chosen " + Shown.time(report.since(), zone)
                + " on " + Shown.name(report.device()) + " (entry " + report.entry() + " of the vault's log)");
        Table table = new Table("REGION", "NAME", "JURISDICTION", "PROVIDERS", "OWNERS", "COPIES", "");
        for (RegionChoice choice : report.regions()) {
            table.add(
                    Shown.name(choice.id()),
                    Shown.name(choice.name()),
                    Shown.name(choice.jurisdiction()),
                    Long.toString(choice.providers()),
                    Long.toString(choice.owners()),
                    choice.copies().map(String::valueOf).orElse("?"),
                    choice.id().equals(report.region())
                            ? "the present one"
                            : report.former().contains(choice.id()) ? "left" : "");
        }
        output().table(table);
        if (!report.online()) {
            output().note(LeftWords.offline(report.read(), zone));
        }
        report.regions().stream()
                .filter(choice -> choice.id().equals(report.region()) && !report.left().isEmpty())
                .filter(choice -> choice.copies().filter(copies -> choice.owners() < copies).isPresent())
                .forEach(choice -> output().note("The region has fewer owners than copies are wanted: what lies elsewhere stays there"
                        + " until there are more."));
        LeftWords.of(report.former(), report.left(), report.online()).forEach(output()::line);
        return output().problems(report.problems());
    }
}
