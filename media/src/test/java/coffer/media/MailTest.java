package coffer.media;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.Progress;
import coffer.media.mail.FromQuoting;
import coffer.media.mail.MailHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists and threads, and what is kept for them.
class MailTest {

    @TempDir
    Path folder = Path.of("");

    private MemoryContents vault = new MemoryContents(folder);
    private Media media = Media.of(vault);

    @BeforeEach
    void open() throws IOException {
        vault = new MemoryContents(Files.createDirectories(folder.resolve("home")));
        media = Media.of(vault);
    }

    @AfterEach
    void close() {
        media.close();
    }

    private void put(String path, String message) {
        vault.put(path, Instant.parse("2020-01-01T00:00:00Z"), message.getBytes(StandardCharsets.UTF_8));
    }

    private List<Mail.Entry> list(String path) throws CofferException {
        List<Mail.Entry> entries = new ArrayList<>();
        media.mail().list(path, entries::add);
        return entries;
    }

    @Test
    void list_givesWhatTheHeadersSay_inTheOrderOfTime() throws CofferException {
        put("/Mail/a/2.eml", "From: B <b@x>\nSubject: second\nDate: 2 Apr 2014 00:00 +0000\n\n");
        put("/Mail/a/1.eml", "From: A <a@x>\nSubject: first\nDate: 1 Apr 2014 00:00 +0000\n\n");
        put("/Mail/ab/3.eml", "Subject: elsewhere\n\n");
        put("/Mail/a/notes.txt", "Subject: no mail\n\n");
        assertThat(list("/Mail/a")).extracting(Mail.Entry::subject).containsExactly("first", "second");
        assertThat(list("/Mail")).hasSize(3);
        assertThat(list("/")).hasSize(3);
        assertThat(media.mail().folders()).containsExactly(new Mail.Folder("/Mail/a", 2), new Mail.Folder("/Mail/ab", 1));
    }

    @Test
    void search_findsWordsOfSendersAndSubjects_whateverTheirCase_latestFirst() throws CofferException {
        put("/Mail/1.eml", "From: Agency Ärger <a@x>\nSubject: The Lake\nDate: 1 Apr 2014 00:00 +0000\n\n");
        put("/Mail/2.eml", "From: B <b@x>\nTo: agency@x\nSubject: Re: The lake\nDate: 2 Apr 2014 00:00 +0000\n\n");
        put("/Mail/copy/2.eml", "From: B <b@x>\nTo: agency@x\nSubject: Re: The lake\nDate: 2 Apr 2014 00:00 +0000\n\n");
        put("/Mail/3.eml", "From: C <c@x>\nSubject: 100% other_things\n\n");
        assertThat(media.mail().search("LAKE agency", 10)).extracting(Mail.Entry::subject).containsExactly("Re: The lake", "The Lake");
        assertThat(media.mail().search("ÄRGER", 10)).hasSize(1);
        assertThat(media.mail().search("LAKE", 1)).hasSize(1);
        assertThat(media.mail().search("0% r_t", 10)).hasSize(1);
        assertThat(media.mail().search("nowhere", 10)).isEmpty();
        assertThat(media.mail().search("  ", 10)).isEmpty();
    }

    @Test
    void list_followsTheVault() throws CofferException {
        put("/Mail/1.eml", "Subject: one\n\n");
        assertThat(list("/")).hasSize(1);
        vault.remove("/Mail/1.eml");
        put("/Mail/2.eml", "Subject: two\n\n");
        assertThat(list("/")).extracting(Mail.Entry::subject).containsExactly("two");
    }

    @Test
    void heads_areSealedInFewFiles_andAnotherDeviceNeedsNoMessageForThem() throws CofferException, IOException {
        StringBuilder mbox = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            mbox.append("From a@b Tue Apr 1 12:34:56 2014\nSubject: number ").append(i).append("\n\ntext\n\n");
        }
        Path source = Files.writeString(folder.resolve("box"), mbox);
        media.mail().bring(List.of(source), "/Mail", FromQuoting.RD, Progress.SILENT);
        assertThat(vault.paths().stream().filter(path -> path.startsWith("/.coffer/"))).hasSizeBetween(1, 5);
        media.close();
        Files.delete(vault.home().resolve("media.db"));
        media = Media.of(vault);
        vault.unreadable = path -> path.endsWith(".eml");
        assertThat(list("/Mail")).hasSize(3_000).allMatch(entry -> entry.subject().startsWith("number "));
        assertThat(media.mail().derive(true, Progress.SILENT)).isZero();
    }

    @Test
    void threads_areTheSame_inWhateverOrderMessagesAreLearnt() throws CofferException {
        List<String> messages = new ArrayList<>();
        for (int i = 1; i < 60; i++) {
            int parent = i / 3;
            messages.add("Message-ID: <" + i + "@x>\n" + (i % 10 == 0 || parent == 0 ? "" : "In-Reply-To: <" + parent + "@x>\n")
                    + "Subject: " + i + "\n\n");
        }
        List<List<String>> expected = null;
        for (long seed = 1; seed < 6; seed++) {
            Collections.shuffle(messages, new Random(seed));
            MemoryContents other = new MemoryContents(folder.resolve("home"));
            media.close();
            media = Media.of(other);
            vault = other;
            for (String message : messages) {
                put("/Mail/" + coffer.core.Hash.of(message.getBytes(StandardCharsets.UTF_8)).hex() + ".eml", message);
                list("/"); // learns this one now
            }
            List<List<String>> threads = list("/").stream()
                    .collect(java.util.stream.Collectors.groupingBy(Mail.Entry::thread))
                    .values()
                    .stream()
                    .map(thread -> thread.stream().map(Mail.Entry::subject).sorted().toList())
                    .sorted(java.util.Comparator.comparing(Object::toString))
                    .toList();
            expected = expected == null ? threads : expected;
            assertThat(threads).as("seed %d", seed).isEqualTo(expected);
        }
        assertThat(expected).isNotNull().hasSizeGreaterThan(3);
    }

    @Test
    void head_isReadAsItWasWritten_andNothingElseIs() throws Exception {
        byte[] bytes = "Message-ID: <a@b>\nReferences: <1@x> <2@x>\nSubject: =?utf-8?Q?=F0=9F=90=84?=\nFrom: x\n\n"
                .getBytes(StandardCharsets.UTF_8);
        MailHead head = MailHead.of(
                coffer.core.Hash.of(bytes), coffer.media.mail.Headers.read(bytes, bytes.length), 9, Optional.of(Instant.EPOCH));
        byte[] encoded = head.encode();
        assertThat(MailHead.decode(encoded)).isEqualTo(head);
        assertThat(head.subject()).isEqualTo("🐄");
        long seed = System.nanoTime();
        for (int round = 0; round < 5_000; round++) {
            Random random = new Random(seed + round);
            byte[] changed = encoded.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                assertThat(MailHead.decode(changed).encode()).as("seed %d", seed + round).isEqualTo(changed);
            } catch (coffer.core.CborException e) {
                assertThat(e).isNotNull(); // refused
            }
        }
    }

    @Test
    void segment_thatIsDamaged_costsItsRecords_andNothingElse() throws CofferException, IOException {
        Path source = Files.writeString(folder.resolve("box"), "From a@b Tue Apr 1 12:34:56 2014\nSubject: one\n\ntext\n");
        media.mail().bring(List.of(source), "/Mail", FromQuoting.RD, Progress.SILENT);
        String segment = vault.paths().stream().filter(path -> path.startsWith("/.coffer/")).findFirst().orElseThrow();
        for (byte[] bytes : List.of(new byte[0], new byte[] {0, 0, 0, 9, 1}, "\u007f\u00ff\u00ff\u00ffgarbage".getBytes(StandardCharsets.ISO_8859_1))) {
            vault.put(segment, Instant.EPOCH, bytes);
            media.close();
            Files.delete(vault.home().resolve("media.db"));
            media = Media.of(vault);
            assertThat(list("/Mail")).extracting(Mail.Entry::subject).containsExactly("one");
        }
    }
}
