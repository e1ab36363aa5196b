package coffer.service;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.SignatureLabel;
import coffer.core.VerifyKey;
import coffer.core.api.SessionStatement;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Sign-in by challenge and response, and the tokens it gives (docs/spec/session.md).
///
/// Challenges and tokens are stateless: each carries a MAC of the service. Only challenges that were answered rightly are
/// remembered, until they expire, so that none is used twice and nobody without a device can fill memory.
final class Sessions {

    private static final Duration CHALLENGE_LIFE = Duration.ofMinutes(2);
    private static final int NONCE_SIZE = 8;
    private static final int TIME_SIZE = Long.BYTES;
    private static final int CHALLENGE_MAC_SIZE = 16;
    private static final int TOKEN_SIZE = LogId.SIZE + DeviceId.SIZE + TIME_SIZE + Hash.SIZE;
    /// A token in text is at most this long; longer ones are not even decoded.
    private static final int TOKEN_TEXT_MAX = 160;

    /// Verified in place of a key that is not there, so that the answer takes as long. Base point of the curve.
    private static final VerifyKey NOBODY =
            new VerifyKey(Bytes.ofHex("5866666666666666666666666666666666666666666666666666666666666666"));

    private final SecretKeySpec challengeKey;
    private final SecretKeySpec tokenKey;
    private final Duration tokenLife;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<Bytes, Long> used = new ConcurrentHashMap<>();

    Sessions(ServiceSecret secret, Duration tokenLife, Clock clock) {
        this.challengeKey = new SecretKeySpec(secret.derive("coffer/service/challenge/v1"), "HmacSHA256");
        this.tokenKey = new SecretKeySpec(secret.derive("coffer/service/token/v1"), "HmacSHA256");
        this.tokenLife = tokenLife;
        this.clock = clock;
    }

    record Challenge(Bytes bytes, long expires) {}

    record Token(String text, long expires) {}

    /// A challenge for whoever claims to be that device, whether or not there is one.
    Challenge challenge(LogId account, DeviceId device) {
        long expires = clock.millis() + CHALLENGE_LIFE.toMillis();
        byte[] nonce = new byte[NONCE_SIZE];
        random.nextBytes(nonce);
        ByteBuffer challenge = ByteBuffer.allocate(SessionStatement.CHALLENGE_SIZE);
        challenge.put(nonce).putLong(expires).put(challengeMac(nonce, expires, account, device));
        return new Challenge(Bytes.of(challenge.array()), expires);
    }

    /// A token, if the device signed a fresh challenge of ours for one of the origins.
    ///
    /// @param record  the device, if the account has it and it is active
    /// @param origins how this service may be addressed
    Optional<Token> open(
            LogId account,
            DeviceId device,
            Optional<DeviceRecord> record,
            Bytes challenge,
            Bytes signature,
            Collection<String> origins) {
        boolean fresh = isFresh(account, device, challenge);
        VerifyKey key = record.map(DeviceRecord::signingKey).orElse(NOBODY);
        boolean signed = false;
        for (String origin : origins) {
            byte[] statement = new SessionStatement(origin, account, device, challenge).encode();
            signed |= key.verify(SignatureLabel.SESSION, statement, signature);
            if (signed) {
                break;
            }
        }
        if (!fresh || !signed || record.isEmpty() || !spend(challenge)) {
            return Optional.empty();
        }
        return Optional.of(token(account, device));
    }

    /// Whom a token names; empty if it is not ours or has ended. Whether the device is still active is not looked at.
    Optional<Caller> caller(String text) {
        if (text.length() > TOKEN_TEXT_MAX) {
            return Optional.empty();
        }
        byte[] token;
        try {
            token = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (token.length != TOKEN_SIZE) {
            return Optional.empty();
        }
        int macAt = TOKEN_SIZE - Hash.SIZE;
        byte[] mac = mac(tokenKey, Arrays.copyOf(token, macAt));
        if (!MessageDigest.isEqual(mac, Arrays.copyOfRange(token, macAt, TOKEN_SIZE))) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(token);
        byte[] account = new byte[LogId.SIZE];
        byte[] device = new byte[DeviceId.SIZE];
        fields.get(account).get(device);
        long expires = fields.getLong();
        return clock.millis() >= expires
                ? Optional.empty()
                : Optional.of(new Caller(LogId.of(account), DeviceId.of(device), expires));
    }

    private Token token(LogId account, DeviceId device) {
        long expires = clock.millis() + tokenLife.toMillis();
        ByteBuffer token = ByteBuffer.allocate(TOKEN_SIZE);
        token.put(account.toArray()).put(device.toArray()).putLong(expires);
        token.put(mac(tokenKey, Arrays.copyOf(token.array(), TOKEN_SIZE - Hash.SIZE)));
        return new Token(Base64.getUrlEncoder().withoutPadding().encodeToString(token.array()), expires);
    }

    private boolean isFresh(LogId account, DeviceId device, Bytes challenge) {
        ByteBuffer fields = ByteBuffer.wrap(challenge.toArray());
        byte[] nonce = new byte[NONCE_SIZE];
        fields.get(nonce);
        long expires = fields.getLong();
        byte[] mac = new byte[CHALLENGE_MAC_SIZE];
        fields.get(mac);
        return MessageDigest.isEqual(mac, challengeMac(nonce, expires, account, device)) && clock.millis() < expires;
    }

    /// Whether the challenge was not used before.
    private boolean spend(Bytes challenge) {
        long now = clock.millis();
        used.values().removeIf(forgetAt -> forgetAt < now);
        return used.putIfAbsent(challenge, now + CHALLENGE_LIFE.toMillis()) == null;
    }

    private byte[] challengeMac(byte[] nonce, long expires, LogId account, DeviceId device) {
        ByteBuffer message = ByteBuffer.allocate(NONCE_SIZE + TIME_SIZE + LogId.SIZE + DeviceId.SIZE);
        message.put(nonce).putLong(expires).put(account.toArray()).put(device.toArray());
        return Arrays.copyOf(mac(challengeKey, message.array()), CHALLENGE_MAC_SIZE);
    }

    private static byte[] mac(SecretKeySpec key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
