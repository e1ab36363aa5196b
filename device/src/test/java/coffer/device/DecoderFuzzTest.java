package coffer.device;

import static coffer.core.log.LogFixture.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.Fuzz;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.core.api.ChallengeAnswer;
import coffer.core.api.CheckAnswer;
import coffer.core.api.DownloadAnswer;
import coffer.core.api.DownloadCopy;
import coffer.core.api.DownloadPlan;
import coffer.core.api.HeadEvent;
import coffer.core.api.HeadInfo;
import coffer.core.api.ProblemInfo;
import coffer.core.api.RegionInfo;
import coffer.core.api.ServiceInfo;
import coffer.core.api.ServiceLimits;
import coffer.core.api.SessionAnswer;
import coffer.core.api.UploadAnswer;
import coffer.core.api.UploadCopy;
import coffer.core.api.UploadPlan;
import coffer.core.api.VaultList;
import coffer.core.log.AccountHistory;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.LogFixture;
import coffer.device.sync.plan.Base;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Stamp;
import coffer.seal.DeviceKeys;
import coffer.seal.JoinCode;
import coffer.seal.Label;
import coffer.seal.OpenException;
import coffer.seal.PassphraseSeal;
import coffer.seal.RandomSource;
import coffer.seal.Sealing;
import coffer.seal.Secret;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a service, or another device, may send instead of what it should.
class DecoderFuzzTest {

    /// Open as long as the test, or the guided run that takes one of its decoders, goes on.
    private final JoinCode code = JoinCode.generate(RandomSource.secure());

    private final Secret key = code.sealKey();

    @AfterEach
    void closeSecrets() {
        key.close();
        code.close();
    }

    private static final Head HEAD = new Head(9, Hash.of(new byte[] {1}));

    @Test
    void pageOfEntries() throws CofferException {
        LogFixture log = new LogFixture();
        Entry genesis = log.accountGenesis(device(1), device(9));
        AccountHistory account = new AccountHistory(genesis);
        Entry next = log.next(account.latest(), device(1), 1, new Control.Settings());
        Fuzz.of(
                        "page of entries",
                        bytes -> {
                            ByteArrayOutputStream out = new ByteArrayOutputStream();
                            EntryPage.decode(bytes, false).forEach(entry -> out.writeBytes(entry.encode()));
                            return out.toByteArray();
                        },
                        CborException.class)
                .from(both(genesis.encode(), next.encode()), genesis.encode(), new byte[0])
                .run();
    }

    private static byte[] both(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    static List<Object> answers() {
        String id = "ab".repeat(32);
        Map<String, String> headers = Map.of("content-type", "application/octet-stream");
        return List.of(
                new ServiceInfo("Coffer", "1", 5, new ServiceLimits(1, 2, 3, 4, 5, 6), List.of(
                        new RegionInfo("local", List.of("https://cloud.example"))), "key"),
                new UploadAnswer(List.of(new UploadPlan(id, List.of(
                        new UploadCopy("https://a.example", "PUT", "https://a.example/p?x=1", headers, 1_000))))),
                new DownloadAnswer(List.of(new DownloadPlan(id, List.of(
                        new DownloadCopy("https://a.example", "https://a.example/p", headers, 1_000))))),
                new CheckAnswer(List.of(id)),
                new HeadInfo(5, id),
                new HeadEvent(id, 5, id),
                new VaultList(List.of(id, id)),
                new ChallengeAnswer("AAAA", 5),
                new SessionAnswer("token", 5),
                new ProblemInfo("about:blank", "t", 409, "QUOTA", "d", new HeadInfo(5, id), List.of(id)));
    }

    /// JSON may be written in many ways; what is accepted has every part that the record has.
    @ParameterizedTest
    @MethodSource("answers")
    void answerOfTheService(Object answer) {
        Fuzz.of(
                        answer.getClass().getSimpleName(),
                        bytes -> {
                            Object read = Json.read(bytes, answer.getClass());
                            Object again = Json.read(Json.bytes(read), answer.getClass());
                            if (!again.equals(read)) {
                                throw new IllegalStateException("read otherwise than written");
                            }
                            return null;
                        },
                        CofferException.class)
                .from(Json.bytes(answer))
                .run();
    }

    private interface Opening {
        void open(JoinCode code, byte[] sealed) throws CofferException;
    }

    private static void onlyWhatWasSealed(String name, JoinCode code, byte[] sealed, Opening opening) {
        Fuzz.of(
                        name,
                        bytes -> {
                            opening.open(code, bytes);
                            return sealed;
                        },
                        CofferException.class)
                .from(sealed)
                .run();
    }

    @Test
    void joinMessages_openOnlyAsSealed() {
        byte[] request = JoinMessages.sealRequest(code, new JoinMessages.Request(device(1).record(), "phone"));
        LogId log = LogId.of(new byte[32]);
        byte[] answer = JoinMessages.sealAnswer(code, request, new JoinMessages.Answer(log, HEAD, log, HEAD, "key"));
        onlyWhatWasSealed("hello", code, JoinMessages.sealHello(code), JoinMessages::openHello);
        onlyWhatWasSealed("request", code, request, JoinMessages::openRequest);
        onlyWhatWasSealed("answer", code, answer, (with, bytes) -> JoinMessages.openAnswer(with, request, bytes));
    }

    /// Whoever has the code can seal anything.
    @Test
    void joinRequest_underTheCode() throws OpenException {
        byte[] context = new CborWriter().array(2).integer(1).bytes(new byte[0]).toByteArray();
        byte[] good = Sealing.open(
                key,
                Label.JOIN_SEAL,
                context,
                JoinMessages.sealRequest(code, new JoinMessages.Request(device(1).record(), "phone")));
        Fuzz.of(
                        "join request",
                        plain -> {
                            byte[] sealed = Sealing.seal(key, Label.JOIN_SEAL, context, plain);
                            JoinMessages.Request request = JoinMessages.openRequest(code, sealed);
                            return Sealing.open(
                                    key, Label.JOIN_SEAL, context, JoinMessages.sealRequest(code, request));
                        },
                        CofferException.class)
                .from(good)
                .run();
    }

    /// As from another device under the code, whose person was tricked.
    @Test
    void joinAnswer_underTheCode() throws OpenException {
        byte[] request = JoinMessages.sealRequest(code, new JoinMessages.Request(device(1).record(), "phone"));
        byte[] context = new CborWriter().array(2).integer(2).bytes(Hash.of(request).toArray()).toByteArray();
        LogId log = LogId.of(new byte[32]);
        byte[] answer = JoinMessages.sealAnswer(code, request, new JoinMessages.Answer(log, HEAD, log, HEAD, "key"));
        Fuzz.of(
                        "join answer",
                        plain -> {
                            byte[] sealed = Sealing.seal(key, Label.JOIN_SEAL, context, plain);
                            JoinMessages.Answer read = JoinMessages.openAnswer(code, request, sealed);
                            return Sealing.open(
                                    key, Label.JOIN_SEAL, context, JoinMessages.sealAnswer(code, request, read));
                        },
                        CofferException.class)
                .from(Sealing.open(key, Label.JOIN_SEAL, context, answer))
                .run();
    }

    @Test
    void agreedNote() {
        byte[] good = new AgreementNote(Map.of(
                        NodeId.of(new byte[16]), new AgreementNote.Agreement(HEAD.id(), Instant.ofEpochMilli(5)),
                        NodeId.of(Arrays.copyOf(new byte[] {7}, 16)), new AgreementNote.Agreement(HEAD.id(), Instant.EPOCH)))
                .encode();
        Fuzz.of(
                        "agreed note",
                        bytes -> {
                            AgreementNote note = AgreementNote.decode(bytes);
                            if (!AgreementNote.decode(note.encode()).equals(note)) {
                                throw new IllegalStateException("read otherwise than written");
                            }
                            return null;
                        },
                        CborException.class)
                .from(good)
                .run();
    }

    /// The last line is the name that is asked about, the ones before it are rules.
    @Test
    void ignoreRules() {
        byte[] good = "# said\n*.tmp\n!keep.tmp\n/build/\n**/a[!b-d\\]]?/**\n\\!x \\ \nfolder/keep.tmp".getBytes(StandardCharsets.UTF_8);
        Fuzz.of(
                        "ignore rules",
                        bytes -> {
                            String text = new String(bytes, StandardCharsets.UTF_8);
                            int end = Math.max(0, text.lastIndexOf('\n'));
                            List<String> names = List.of(text.substring(end).strip().split("/", -1));
                            IgnoreRules rules = IgnoreRules.parse(text.substring(0, end));
                            rules.decide(names, true);
                            rules.decide(names, false);
                            return null;
                        })
                .from(good)
                .run();
    }

    @Test
    void newsOfTheService() {
        byte[] good = "data: {\"log\":\"%s\",\"sequence\":5,\"id\":\"%s\"}".formatted("ab".repeat(32), "cd".repeat(32))
                .getBytes(StandardCharsets.UTF_8);
        Fuzz.of(
                        "news of the service",
                        bytes -> {
                            EventListener.event(new String(bytes, StandardCharsets.UTF_8));
                            return null;
                        })
                .from(good)
                .run();
    }

    /// A disk forgets too: what is damaged is told from what was written.
    @Test
    void keptOnTheDisk() throws CborException {
        Base base = new Base(NodeId.of(new byte[16]), "name", "local name", new ContentId(Bytes.of(new byte[40])), true);
        Fuzz.of("synced item", bytes -> SyncDb.encode(SyncDb.base(bytes)), CborException.class)
                .from(Objects.requireNonNull(SyncDb.encode(base)))
                .run();
        Fuzz.of("stamp of an item", bytes -> SyncDb.encode(SyncDb.stamp(bytes)), CborException.class)
                .from(Objects.requireNonNull(SyncDb.encode(new Stamp(1, 2, 3, 4))))
                .run();
        try (DeviceKeys keys = DeviceKeys.generate(RandomSource.secure())) {
            LogId log = LogId.of(new byte[32]);
            KeyFile.Identity identity = new KeyFile.Identity(keys, log, log, URI.create("https://cloud.example"), "laptop");
            Fuzz.of("device key file", DecoderFuzzTest::keyFileAgain, CborException.class, IllegalArgumentException.class)
                    .from(KeyFile.encode(identity))
                    .run();
            Fuzz.of("sealed key file", DecoderFuzzTest::keyFileAgain, CborException.class, IllegalArgumentException.class)
                    .from(KeyFile.encode(new PassphraseSeal(65_536, 3, 4, Bytes.of(new byte[16]), Bytes.of(new byte[100]))))
                    .run();
        }
    }

    private static byte[] keyFileAgain(byte[] bytes) throws CborException {
        return switch (KeyFile.decode(bytes)) {
            case KeyFile.Sealed sealed -> KeyFile.encode(sealed.under());
            case KeyFile.Open open -> {
                KeyFile.Identity read = KeyFile.identity(open.encoded());
                byte[] again = KeyFile.encode(read);
                read.keys().close();
                yield again;
            }
        };
    }

    @Test
    void ids() {
        byte[] hex = "ab".repeat(32).getBytes(StandardCharsets.UTF_8);
        Fuzz.of(
                        "id",
                        bytes -> {
                            String text = new String(bytes, StandardCharsets.ISO_8859_1);
                            return Bytes.ofHex(text).hex().equalsIgnoreCase(text) ? null : new byte[0];
                        },
                        IllegalArgumentException.class)
                .from(hex)
                .run();
    }
}
