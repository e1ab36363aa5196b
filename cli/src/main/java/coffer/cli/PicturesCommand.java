package coffer.cli;

import coffer.agent.Json;
import coffer.agent.RemoteMedia;
import coffer.core.CofferException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// Pictures and films: brought in with their dates, looked at, listed.
final class PicturesCommand implements Group {

    private final Coffer coffer;

    PicturesCommand(Coffer coffer) {
        this.coffer = coffer;
    }

    @Override
    public CommandSpec spec() {
        return Spec.of(this, "pictures", "Pictures and films: bring them in with their dates, make previews, list them.")
                .parts("COMMAND")
                .build();
    }

    @Override
    public Map<String, Action> parts() {
        Map<String, Action> parts = new LinkedHashMap<>();
        parts.put("import", new ImportPictures(coffer));
        parts.put("ls", new ListPictures(coffer));
        parts.put("duplicates", new Duplicates(coffer));
        parts.put("rescan", new Rescan(coffer));
        return parts;
    }

    @Override
    public Integer call() {
        throw new UsageException("Which part? `coffer pictures --help` lists them.");
    }

    static final class ImportPictures extends OnMedia {

        private List<String> arguments = List.of();

        ImportPictures(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(
                            this,
                            "import",
                            "Keep pictures from a folder, a card, or an export of Google Takeout or iCloud.",
                            "",
                            "Every file is kept as it is, below the folder's name. Where the export says when a picture was taken, the file gets that"
                                    + " time. What is there already is left alone; another file of that name is kept beside it.")
                    .many("1..*", values -> arguments = values, "SOURCE… /PATH", "What to read, and where in Coffer.")
                    .examples("coffer pictures import ~/Takeout/Photos /pictures", "coffer pictures import /media/card/DCIM /pictures")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            boolean isHere = arguments.size() > 1 && arguments.getLast().length() > 1
                    && Files.exists(coffer().terminal().resolve(arguments.getLast()), LinkOption.NOFOLLOW_LINKS);
            if (arguments.size() < 2 || isHere) {
                throw new UsageException("Say what to read, and where in Coffer: coffer pictures import SOURCE… /PATH.");
            }
            String path = VaultPath.parseAbsolute(arguments.getLast());
            List<Path> sources = new ArrayList<>();
            for (String source : arguments.subList(0, arguments.size() - 1)) {
                sources.add(coffer().terminal().resolve(source));
            }
            Json.Fields report;
            try (Bar bar = coffer().bar()) {
                report = media.picturesImport(sources, path, bar);
            }
            String sentence = Shown.count(report.whole("files"), "file") + ", " + Shown.bytes(report.whole("bytes")) + ": "
                    + report.whole("imported") + " new, " + report.whole("alreadyThere") + " there already, " + report.whole("dated")
                    + " dated by the export";
            output().result(sentence, report);
            return output().problems(RemoteMedia.problems(report));
        }
    }

    static final class ListPictures extends OnMedia {

        private String path = "/";

        ListPictures(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "ls", "List pictures and films by the time they show, latest first.")
                    .maybe(0, value -> path = value, "/PATH", "A folder; with what is below it (default: all).")
                    .examples("coffer pictures ls /pictures/2019")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            String folder = VaultPath.parse(path);
            if (output().isJson()) {
                return new JsonList(coffer().terminal().out(), "pictures").print(each -> media.picturesList(folder, each));
            }
            media.picturesList(folder, picture -> output().line(line(picture, coffer())));
            return Exit.OK;
        }
    }

    private static String line(Json.Fields picture, Coffer coffer) {
        long width = picture.whole("width");
        String size = width == 0 ? "" : width + "×" + picture.whole("height");
        return Shown.time(Instant.parse(picture.text("time")), coffer.terminal().zone()) + "  " + Width.padded(size, 11) + "  "
                + Shown.name(picture.text("path")) + (picture.findText("liveWith").isPresent() ? "  (live)" : "");
    }

    static final class Duplicates extends OnMedia {

        Duplicates(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "duplicates", "List pictures that are there more than once, byte for byte or to the eye.")
                    .examples("coffer pictures duplicates")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            if (output().isJson()) {
                return new JsonList(coffer().terminal().out(), "groups").print(media::picturesDuplicates);
            }
            media.picturesDuplicates(group -> {
                output().line(group.flag("exact") ? "the same file:" : "look the same:");
                group.list("pictures").forEach(picture -> output().line("  " + line(picture, coffer())));
            });
            return Exit.OK;
        }
    }

    static final class Rescan extends OnMedia {

        private boolean all;

        Rescan(Coffer coffer) {
            super(coffer);
        }

        @Override
        public CommandSpec spec() {
            return Spec.of(this, "rescan", "Look at pictures that came otherwise, and make their previews.")
                    .flag(value -> all = value, "Also at those that could not be read before.", "--again")
                    .examples("coffer pictures rescan")
                    .build();
        }

        @Override
        int run(RemoteMedia media) throws CofferException {
            Json.Fields report;
            try (Bar bar = coffer().bar()) {
                report = media.picturesScan(all, bar);
            }
            String undecoded = report.whole("undecoded") == 0 ? "" : ", of which " + report.whole("undecoded") + " cannot be shown";
            output().result(
                    Shown.count(report.whole("made"), "picture") + " looked at" + undecoded + "; " + report.whole("known") + " known before",
                    report);
            return Exit.OK;
        }
    }
}
