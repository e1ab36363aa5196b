package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a phone is let in as time goes by, what is kept of it, and what it is shown.
class PhonePairingTest {

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final PhonePairing pairing = new PhonePairing(() -> now);

    private void after(Duration time) {
        now = now.plus(time);
    }

    @Test
    void ticket_isWorthNothingAfterTenMinutes() {
        PhonePairing.Ticket ticket = pairing.invite();
        after(PhonePairing.LIVES);
        assertThat(pairing.redeem(ticket.ticket(), "iPhone")).isEmpty();
        PhonePairing.Ticket inTime = pairing.invite();
        after(PhonePairing.LIVES.minusMillis(1));
        assertThat(pairing.redeem(inTime.ticket(), "iPhone")).isPresent();
    }

    @Test
    void whatIsTypedTooLate_letsNobodyIn() throws Exception {
        PhonePairing.Asked asked = pairing.redeem(pairing.invite().ticket(), "iPhone").orElseThrow();
        after(PhonePairing.LIVES);
        assertThat(pairing.waits(asked.claim())).isFalse();
        assertThat(pairing.type(asked.code(), _ -> pairing.newSession())).isEqualTo(PhonePairing.Typed.OVER);
        assertThat(pairing.collect(asked.claim())).isEmpty();
    }

    @Test
    void theSession_isForTheClaimAlone() throws Exception {
        PhonePairing.Asked asked = pairing.redeem(pairing.invite().ticket(), "iPhone").orElseThrow();
        assertThat(asked.code()).matches("[0-9]{6}");
        assertThat(pairing.asking()).contains("iPhone");
        PageSessions.Session session = pairing.newSession();
        assertThat(pairing.type(asked.code(), _ -> session)).isEqualTo(PhonePairing.Typed.RIGHT);
        assertThat(pairing.collect(asked.code())).isEmpty();
        assertThat(pairing.collect(asked.claim())).contains(session);
    }

    @Test
    void wrongTickets_areForgottenInAWhile() {
        for (int i = 0; i < PhonePairing.WRONG_MAX; i++) {
            assertThat(pairing.isBusy()).isFalse();
            assertThat(pairing.redeem("x", "iPhone")).isEmpty();
        }
        assertThat(pairing.isBusy()).isTrue();
        after(PhonePairing.WRONG_WINDOW.plusMillis(1));
        assertThat(pairing.isBusy()).isFalse();
    }

    @Test
    void aPhone_isLetInForAYear(@TempDir Path home) throws Exception {
        PhoneBook book = PhoneBook.open(home, () -> now);
        PageSessions.Session session = pairing.newSession();
        assertThat(book.add("iPhone", session)).isEqualTo("iPhone");
        PhoneBook again = PhoneBook.open(home, () -> now);
        assertThat(again.find(session.key(), session.cookie())).isPresent();
        assertThat(again.find(session.key(), session.key())).isEmpty();
        assertThat(again.find(session.cookie(), session.cookie())).isEmpty();
        after(PhoneBook.LIVES);
        assertThat(again.find(session.key(), session.cookie())).isEmpty();
        assertThat(again.phones()).isEmpty();
    }

    @Test
    void useOfAPhone_isRemembered(@TempDir Path home) throws Exception {
        PhoneBook book = PhoneBook.open(home, () -> now);
        PageSessions.Session session = pairing.newSession();
        book.add("Android", session);
        after(Duration.ofHours(1));
        book.find(session.key(), session.cookie());
        assertThat(PhoneBook.open(home, () -> now).phones().getFirst().used()).contains(now);
    }

    @Test
    void certificate_isForOneAddress_signsNothingElse_andKeepsItsFingerprint() throws Exception {
        PhoneCertificate made = PhoneCertificate.make(InetAddress.ofLiteral("192.168.1.20"), now);
        KeyStore store = made.keyStore(new char[] {'x'});
        X509Certificate certificate = (X509Certificate) store.getCertificate("phone");
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
        assertThat(certificate.getKeyUsage()).startsWith(true, false, false, false, false, false);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getSubjectAlternativeNames().toString()).contains("192.168.1.20");
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=Coffer");
        assertThat(certificate.getNotBefore().toInstant()).isBefore(now);
        assertThat(made.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
        assertThat(new PhoneCertificate(made.key(), made.encoded()).fingerprint()).isEqualTo(made.fingerprint());
        assertThat(made).hasToString("[redacted]");
    }

    @Test
    void addresses_areWrittenAsBrowsersDo() {
        Map.of(
                        "192.168.1.20", "192.168.1.20",
                        "fd00:0:0:0:0:0:0:1", "[fd00::1]",
                        "fd12:3456:0:1:0:0:0:a0", "[fd12:3456:0:1::a0]",
                        "fd00:0:1:0:1:0:1:0", "[fd00:0:1:0:1:0:1:0]",
                        "fd00:0:0:1:1:0:0:1", "[fd00::1:1:0:0:1]",
                        "fdff:1:2:3:4:5:0:0", "[fdff:1:2:3:4:5::]")
                .forEach((given, written) -> assertThat(PhoneAddress.text(InetAddress.ofLiteral(given))).isEqualTo(written));
    }

    @Test
    void privateAddresses_areThoseOfHomeNetworks() {
        for (String one : new String[] {"10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.0.1", "169.254.1.1", "fc00::1", "fd12::1"}) {
            assertThat(PhoneAddress.isPrivate(InetAddress.ofLiteral(one))).as(one).isTrue();
        }
        for (String one : new String[] {"11.0.0.1", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.64.0.1", "0.0.0.0", "fe80::1", "2001:db8::1", "::"}) {
            assertThat(PhoneAddress.isPrivate(InetAddress.ofLiteral(one))).as(one).isFalse();
        }
    }
}
