package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Head;
import coffer.seal.JoinCode;
import coffer.seal.Label;
import coffer.seal.OpenException;
import coffer.seal.Sealing;
import coffer.seal.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The three messages by which a device joins, sealed under the one-time code (docs/spec/join.md).
///
/// Sealing authenticates: only who knows the code can have made a message that opens, and each message's context holds
/// the ones before it, so none can be replaced or replayed.
final class JoinMessages {

    /// Slots of the mailbox.
    static final int SLOT_HELLO = 0;

    static final int SLOT_REQUEST = 1;
    static final int SLOT_ANSWER = 2;

    private static final int NAME_BYTES_MAX = 255;
    private static final int LOG_KEY_BYTES_MAX = 512;
    private static final byte[] HELLO = "coffer/join-hello/v1".getBytes(StandardCharsets.US_ASCII);

    /// From the new device: who it is and how it wants to be called.
    record Request(DeviceRecord device, String name) {}

    /// From the old device: which account, and the heads that the new device must find.
    ///
    /// @param logKey of the service's transparency log, as the old device trusts it; empty if it knows none
    record Answer(LogId account, Head accountHead, LogId vault, Head vaultHead, String logKey) {}

    private JoinMessages() {}

    /// Says that the code is live, so that a mistyped one is noticed at once.
    static byte[] sealHello(JoinCode code) {
        return seal(code, SLOT_HELLO, new byte[0], HELLO);
    }

    static void openHello(JoinCode code, byte[] sealed) throws CofferException {
        if (!Arrays.equals(open(code, SLOT_HELLO, new byte[0], sealed), HELLO)) {
            throw refused();
        }
    }

    static byte[] sealRequest(JoinCode code, Request request) {
        CborWriter out = new CborWriter().array(2);
        request.device().writeTo(out);
        return seal(code, SLOT_REQUEST, new byte[0], out.text(request.name()).toByteArray());
    }

    static Request openRequest(JoinCode code, byte[] sealed) throws CofferException {
        try {
            CborReader in = new CborReader(open(code, SLOT_REQUEST, new byte[0], sealed));
            in.arrayOf(2);
            Request request = new Request(DeviceRecord.readFrom(in), in.text(NAME_BYTES_MAX));
            in.end();
            return request;
        } catch (CborException e) {
            throw refused();
        }
    }

    /// @param sealedRequest the request that is answered, exactly as received
    static byte[] sealAnswer(JoinCode code, byte[] sealedRequest, Answer answer) {
        CborWriter out = new CborWriter().array(5).bytes(answer.account().value());
        answer.accountHead().writeTo(out);
        out.bytes(answer.vault().value());
        answer.vaultHead().writeTo(out);
        out.text(answer.logKey());
        return seal(code, SLOT_ANSWER, Hash.of(sealedRequest).toArray(), out.toByteArray());
    }

    static Answer openAnswer(JoinCode code, byte[] sealedRequest, byte[] sealed) throws CofferException {
        try {
            CborReader in = new CborReader(open(code, SLOT_ANSWER, Hash.of(sealedRequest).toArray(), sealed));
            in.arrayOf(5);
            Bytes account = in.bytesOf(LogId.SIZE);
            Head accountHead = Head.readFrom(in);
            Bytes vault = in.bytesOf(LogId.SIZE);
            Head vaultHead = Head.readFrom(in);
            Answer answer = new Answer(
                    new LogId(account), accountHead, new LogId(vault), vaultHead, in.text(LOG_KEY_BYTES_MAX));
            in.end();
            return answer;
        } catch (CborException e) {
            throw refused();
        }
    }

    private static byte[] seal(JoinCode code, int slot, byte[] transcript, byte[] message) {
        try (Secret key = code.sealKey()) {
            return Sealing.seal(key, Label.JOIN_SEAL, context(slot, transcript), message);
        }
    }

    private static byte[] open(JoinCode code, int slot, byte[] transcript, byte[] sealed) throws CofferException {
        try (Secret key = code.sealKey()) {
            return Sealing.open(key, Label.JOIN_SEAL, context(slot, transcript), sealed);
        } catch (OpenException e) {
            throw refused();
        }
    }

    private static byte[] context(int slot, byte[] transcript) {
        return new CborWriter().array(2).integer(slot).bytes(transcript).toByteArray();
    }

    private static CofferException refused() {
        return new CofferException(ErrorCode.ENROLMENT, "the other device's message is not under this code");
    }
}
