package coffer.media.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.device.Progress;
import coffer.media.MemoryContents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What comes in goes out again byte for byte.
class MailRoundTripTest {

    @TempDir
    Path folder = Path.of("");

    private Path source = Path.of("");
    private MemoryContents vault = new MemoryContents(folder);

    @BeforeEach
    void prepare() throws IOException {
        source = Files.createDirectories(folder.resolve("source"));
        vault = new MemoryContents(Files.createDirectories(folder.resolve("home")));
    }

    private MailReport bring(FromQuoting quoting) throws CofferException {
        return MailImport.run(vault, List.of(source), "/Mail", quoting, Progress.SILENT);
    }

    private MailReport bring() throws CofferException {
        return bring(FromQuoting.RD);
    }

    private MailExport.Report giveBack(MailExport.Format format) throws CofferException {
        return MailExport.run(vault, "/Mail", folder.resolve("out"), format, Progress.SILENT);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<String> messages() {
        return vault.paths().stream().filter(path -> path.endsWith(".eml")).toList();
    }

    private String message(int number) {
        return new String(vault.bytes(messages().get(number)), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @EnumSource(FromQuoting.class)
    void mbox_ofRandomLines_comesBackAsItWas(FromQuoting quoting) throws IOException, CofferException {
        long seed = System.nanoTime();
        for (int round = 0; round < 60; round++) {
            prepare();
            byte[] mbox = randomMbox(new Random(seed + round));
            String name = "box-" + quoting + round;
            Files.write(source.resolve(name), mbox);
            vault = new MemoryContents(folder.resolve("home"));
            bring(quoting);
            giveBack(MailExport.Format.MBOX);
            Path back = folder.resolve("out/Mail.sbd/source.sbd").resolve(name);
            assertThat(Files.readAllBytes(back)).as("seed %d", seed + round).isEqualTo(mbox);
            Files.delete(source.resolve(name));
        }
    }

    private static byte[] randomMbox(Random random) {
        String[] lines = {
            "From ", "From - ", "From here on", ">From me", ">>From you", "> From", ">".repeat(300) + "From x", "", "", "\r", "x",
            "From a@b Tue Apr 1 12:34:56 2014", "From a@b Tue Apr 1 12:34:56 2014\r", "Subject: y", "From", ">", "\u00ff\u0000\u00fe",
            "F", ">F", "x".repeat(70_000)
        };
        StringBuilder mbox = new StringBuilder("From a@b Tue Apr  1 12:34:56 2014\n");
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            mbox.append(lines[random.nextInt(lines.length)]).append(i + 1 < count || random.nextBoolean() ? "\n" : "");
        }
        return ascii(mbox.toString());
    }

    @Test
    void mbox_isSplitWhereMessagesBegin_andUnquoted() throws IOException, CofferException {
        Files.write(source.resolve("box"), ascii("""
                From a@b Tue Apr  1 12:34:56 2014
                Subject: one
                Date: Tue, 1 Apr 2014 12:00:00 +0000

                >From the start
                >>From deeper

                From here on it is still one.

                From c@d Wed Apr  2 12:34:56 2014
                Subject: two
                Date: Wed, 2 Apr 2014 12:00:00 +0000

                >From the start

                """));
        MailReport report = bring();
        assertThat(report.messages()).isEqualTo(2);
        // One that holds an unmarked line stays as it stands, so that it can go back.
        assertThat(message(0)).contains("\n>From the start\n>>From deeper\n\nFrom here on");
        assertThat(message(1)).isEqualTo("Subject: two\nDate: Wed, 2 Apr 2014 12:00:00 +0000\n\nFrom the start\n");
        assertThat(messages().get(1)).startsWith("/Mail/source/box/2014-04-02T12-00-00Z-");
    }

    @Test
    void import_again_storesNothingTwice() throws IOException, CofferException {
        Files.write(source.resolve("box"), randomMbox(new Random(7)));
        MailReport first = bring();
        List<String> paths = vault.paths();
        long position = vault.position();
        MailReport second = bring();
        assertThat(first.imported()).isPositive().isEqualTo(messages().size());
        assertThat(second.imported()).isZero();
        assertThat(second.alreadyThere()).isEqualTo(first.imported());
        assertThat(vault.paths()).isEqualTo(paths);
        assertThat(vault.position()).isEqualTo(position);
    }

    @Test
    void import_interrupted_goesOnWhereItStopped() throws IOException, CofferException {
        StringBuilder mbox = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            mbox.append("From a@b Tue Apr 1 12:34:56 2014\nSubject: ").append(i).append("\n\ntext\n\n");
        }
        Files.write(source.resolve("box"), ascii(mbox.toString()));
        vault.failAfter = 20;
        assertThatThrownBy(this::bring).isInstanceOf(CofferException.class);
        assertThat(messages()).hasSize(20);
        vault.failAfter = Integer.MAX_VALUE;
        MailReport report = bring();
        assertThat(report.imported()).isEqualTo(30);
        assertThat(report.alreadyThere()).isEqualTo(20);
        assertThat(messages()).hasSize(50);
        giveBack(MailExport.Format.MBOX);
        assertThat(folder.resolve("out/Mail.sbd/source.sbd/box")).hasContent(mbox.toString());
    }

    @Test
    void messages_thatAreEqual_areKeptOnceInAFolder_andWrittenAsOftenAsTheyWere() throws IOException, CofferException {
        String one = "From a@b Tue Apr 1 12:34:56 2014\nSubject: same\n\ntext\n\n";
        Files.write(source.resolve("box"), ascii(one + one + one));
        MailReport report = bring();
        assertThat(report.imported()).isEqualTo(1);
        assertThat(report.duplicates()).isEqualTo(2);
        giveBack(MailExport.Format.MBOX);
        assertThat(folder.resolve("out/Mail.sbd/source.sbd/box")).hasContent(one + one + one);
    }

    @Test
    void maildir_comesBackWithItsNamesAndFolders() throws IOException, CofferException {
        Path maildir = source.resolve("Maildir");
        for (String part : List.of("cur", "new", "tmp", ".Lists.Java/cur", ".Lists.Java/new", ".Lists.Java/tmp")) {
            Files.createDirectories(maildir.resolve(part));
        }
        Files.write(maildir.resolve("cur/1.host:2,FS"), ascii("Subject: a\r\n\r\nx"));
        Files.write(maildir.resolve("new/2.host"), ascii("Subject: b\n\n"));
        Files.write(maildir.resolve(".Lists.Java/cur/3.host:2,"), ascii("not even a header"));
        bring();
        assertThat(vault.paths()).anyMatch(path -> path.startsWith("/Mail/source/Maildir/Lists/Java/undated-") || path.startsWith("/Mail/source/Maildir/Lists/Java/20"));
        MailExport.run(vault, "/Mail/source/Maildir", folder.resolve("out"), MailExport.Format.MAILDIR, Progress.SILENT);
        assertThat(files(folder.resolve("out/Maildir"))).isEqualTo(files(maildir));
    }

    @Test
    void emlFiles_comeBackWithTheirNames_andOtherFilesAreLeftOut() throws IOException, CofferException {
        Files.createDirectories(source.resolve("a/b"));
        Files.write(source.resolve("a/hello there.eml"), ascii("From: x@y\n\nx"));
        Files.write(source.resolve("a/b/noext"), ascii("Received: from a\nSubject: z\n\nx"));
        Files.write(source.resolve("a/picture.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, 1, 2});
        Files.write(source.resolve("a/notes.txt"), ascii("Todo: buy milk\n\nFrom here on\n"));
        MailReport report = bring();
        assertThat(report.imported()).isEqualTo(2);
        assertThat(report.otherFiles()).isEqualTo(2);
        giveBack(MailExport.Format.EML);
        Path back = folder.resolve("out/Mail/source/a");
        assertThat(files(back)).containsExactly("b/noext 30", "hello there.eml 12");
    }

    @Test
    void export_neverWritesOverWhatIsThere_andStaysInItsFolder() throws IOException, CofferException {
        Files.write(source.resolve("box"), ascii("From a@b Tue Apr 1 12:34:56 2014\nSubject: s\n\nx\n"));
        bring();
        Path taken = Files.createDirectories(folder.resolve("out/Mail.sbd/source.sbd")).resolve("box");
        Files.writeString(taken, "mine");
        MailExport.Report report = giveBack(MailExport.Format.MBOX);
        assertThat(taken).hasContent("mine");
        assertThat(report.problems()).hasSize(1);
    }

    @Test
    void export_ofMessagesThatWereRemoved_saysSo_andWritesTheOthers() throws IOException, CofferException {
        Files.write(source.resolve("box"), ascii("From a@b Tue Apr 1 12:34:56 2014\nSubject: 1\n\nx\n\nFrom a@b Tue Apr 1 12:34:56 2014\nSubject: 2\n\ny\n"));
        bring();
        vault.remove(messages().getFirst());
        MailExport.Report report = giveBack(MailExport.Format.MBOX);
        assertThat(report.problems()).hasSize(1);
        assertThat(report.messages()).isEqualTo(1);
    }

    @Test
    void export_ofMessagesThatCameByThemselves_writesAnMboxThatReadsBack() throws IOException, CofferException {
        vault.put("/Mail/source/1.eml", java.time.Instant.EPOCH, ascii("Subject: 1\n\nFrom me\n>From you"));
        giveBack(MailExport.Format.MBOX);
        Path written = folder.resolve("out/Mail.sbd/source");
        MemoryContents other = new MemoryContents(folder);
        MailImport.run(other, List.of(written), "/X", FromQuoting.RD, Progress.SILENT);
        String path = other.paths().stream().filter(name -> name.endsWith(".eml")).findFirst().orElseThrow();
        assertThat(new String(other.bytes(path), StandardCharsets.ISO_8859_1)).isEqualTo("Subject: 1\n\nFrom me\n>From you\n");
    }

    @Test
    void quoting_addedAndTaken_isTheSame() throws IOException {
        long seed = System.nanoTime();
        for (int round = 0; round < 300; round++) {
            Random random = new Random(seed + round);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                text.append(new String[] {"From ", ">From ", ">>From ", ">", "F", "Fro", "\n", "\n", "x", "From"}[random.nextInt(10)]);
            }
            byte[] plain = ascii(text.toString());
            ByteArrayOutputStream quoted = new ByteArrayOutputStream();
            FromQuoting.RD.quoted(new java.io.ByteArrayInputStream(plain)).transferTo(quoted);
            assertThat(new String(quoted.toByteArray(), StandardCharsets.ISO_8859_1)).doesNotContainPattern("(?m)^From ");
            byte[] back = FromQuoting.RD.unquoted(new java.io.ByteArrayInputStream(quoted.toByteArray())).readAllBytes();
            assertThat(back).as("seed %d", seed + round).isEqualTo(plain);
        }
    }

    private static List<String> files(Path folder) throws IOException {
        List<String> files = new ArrayList<>();
        try (var paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                if (Files.isRegularFile(path)) {
                    files.add(folder.relativize(path) + " " + Files.readAllBytes(path).length);
                }
            }
        }
        return files;
    }
}
