package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.DeviceRecord;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.SignatureLabel;
import org.junit.jupiter.api.Test;

class KeysTest {

    private final FixedRandom random = new FixedRandom(40);

    @Test
    void deviceKeys_comeBackFromTheirSecrets() throws Exception {
        try (DeviceKeys keys = DeviceKeys.generate(random);
                DeviceKeys same = DeviceKeys.decodeSecrets(keys.encodeSecrets())) {
            DeviceRecord record = keys.record();
            assertThat(same.record()).isEqualTo(record);
            Bytes signature = same.signingKey().sign(SignatureLabel.ENTRY, new byte[] {5});
            assertThat(record.signingKey().verify(SignatureLabel.ENTRY, new byte[] {5}, signature)).isTrue();
            byte[] wrapped = Wrapping.wrap(record.wrapKey(), new byte[0], new byte[] {6});
            assertThat(Wrapping.unwrap(same.wrapKeys(), new byte[0], wrapped)).containsExactly(6);
        }
    }

    @Test
    void deviceKeys_refuseSecretsOfAnotherSizeOrZero() {
        for (byte[] wrong : new byte[][] {{}, new byte[63], new byte[64], new byte[65], new byte[128]}) {
            assertThatIllegalArgumentException().isThrownBy(() -> DeviceKeys.decodeSecrets(wrong));
        }
    }

    @Test
    void generations_openOnlyTheirOwnBodiesAndTheSecretBeforeThem() throws OpenException {
        LogId account = LogId.of(random.bytes(32));
        byte[] context = {1};
        try (Secret first = random.secret();
                Secret second = random.secret();
                AccountKeys one = AccountKeys.of(first, 1);
                AccountKeys two = AccountKeys.of(second, 2)) {
            byte[] body = one.sealBody(context, new byte[] {9});
            assertThat(one.openBody(context, body)).containsExactly(9);
            assertThatThrownBy(() -> two.openBody(context, body)).isInstanceOf(OpenException.class);
            assertThatThrownBy(() -> one.openBody(new byte[] {2}, body)).isInstanceOf(OpenException.class);
            byte[] previous = two.sealPrevious(account, first);
            assertThat(two.openPrevious(account, previous).matches(first)).isTrue();
            LogId elsewhere = LogId.of(random.bytes(32));
            assertThatThrownBy(() -> two.openPrevious(elsewhere, previous)).isInstanceOf(OpenException.class);
            assertThatThrownBy(() -> one.openPrevious(account, previous)).isInstanceOf(OpenException.class);
        }
    }

    @Test
    void epochs_openOnlyTheirOwnBodiesAndTheSecretBeforeThem() throws OpenException {
        LogId vault = LogId.of(random.bytes(32));
        byte[] context = {1};
        try (Secret first = random.secret();
                Secret second = random.secret();
                VaultKeys one = VaultKeys.of(first, 1);
                VaultKeys two = VaultKeys.of(second, 2)) {
            byte[] body = one.sealBody(context, new byte[] {9});
            assertThat(one.openBody(context, body)).containsExactly(9);
            assertThatThrownBy(() -> two.openBody(context, body)).isInstanceOf(OpenException.class);
            byte[] previous = two.sealPrevious(vault, first);
            assertThat(previous.length).isLessThanOrEqualTo(256);
            assertThat(two.openPrevious(vault, previous).matches(first)).isTrue();
            assertThatThrownBy(() -> one.openPrevious(vault, previous)).isInstanceOf(OpenException.class);
        }
    }

    @Test
    void keysOfOneSecret_differByNumberAndByOwner() throws OpenException {
        try (Secret secret = random.secret();
                VaultKeys one = VaultKeys.of(secret, 1);
                VaultKeys two = VaultKeys.of(secret, 2);
                AccountKeys account = AccountKeys.of(secret, 1)) {
            byte[] body = one.sealBody(new byte[0], new byte[] {9});
            assertThatThrownBy(() -> two.openBody(new byte[0], body)).isInstanceOf(OpenException.class);
            assertThatThrownBy(() -> account.openBody(new byte[0], body)).isInstanceOf(OpenException.class);
            assertThat(one.commitment()).isNotEqualTo(two.commitment()).isNotEqualTo(account.commitment());
        }
    }

    @Test
    void commitment_differsForEverySecretAndEqualsTheStaticForm() {
        try (Secret secret = random.secret();
                Secret other = random.secret();
                AccountKeys keys = AccountKeys.of(secret, 3)) {
            assertThat(AccountKeys.commitment(secret, 3)).isEqualTo(keys.commitment());
            assertThat(AccountKeys.commitment(other, 3)).isNotEqualTo(keys.commitment());
            assertThat(VaultKeys.commitment(secret, 3)).isNotEqualTo(VaultKeys.commitment(other, 3));
        }
    }

    @Test
    void numbers_countFromOne() {
        try (Secret secret = random.secret()) {
            assertThatIllegalArgumentException().isThrownBy(() -> VaultKeys.of(secret, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> AccountKeys.of(secret, 0));
        }
    }

    @Test
    void bodies_hideTheirSizeAndRefuseTooMuch() throws OpenException {
        try (VaultKeys keys = VaultKeys.of(random.secret(), 1)) {
            byte[] a = keys.sealBody(new byte[0], random.bytes(4_000));
            byte[] b = keys.sealBody(new byte[0], random.bytes(4_080));
            assertThat(a).hasSameSizeAs(b);
            byte[] text = random.textLike(100_000);
            byte[] sealed = keys.sealBody(new byte[0], text);
            assertThat(sealed.length).isLessThan(70_000);
            assertThat(keys.openBody(new byte[0], sealed)).isEqualTo(text);
        }
    }

    @Test
    void joinCode_comesBackFromItsTextHoweverItIsTyped() throws CofferException {
        try (JoinCode code = JoinCode.generate(random)) {
            String text = code.text();
            assertThat(text).matches("([a-z2-7]{4}-){5}[a-z2-7]{6}");
            for (String typed : new String[] {text, text.toUpperCase(java.util.Locale.ROOT), text.replace("-", " "),
                " " + text.replace("-", "") + "\n", text.replace('o', '0').replace('l', '1').replace('b', '8')}) {
                try (JoinCode same = JoinCode.parse(typed)) {
                    assertThat(same.mailboxId()).isEqualTo(code.mailboxId());
                    assertThat(same.macKey().matches(code.macKey())).isTrue();
                    assertThat(same.sealKey().matches(code.sealKey())).isTrue();
                }
            }
            assertThat(code.mailboxId()).isNotEqualTo(Bytes.of(code.macKey().copyBytes()));
        }
    }

    @Test
    void joinCode_refusesOtherLengthsAndCharacters() {
        String right = "abcd-efgh-ijkl-mnop-qrst-uvwxyz";
        for (String wrong : new String[] {"", "abcd", right + "a", right.replace('a', '9'), right.replace('a', '\u00e4'),
            right.substring(1)}) {
            assertThatThrownBy(() -> JoinCode.parse(wrong))
                    .isInstanceOfSatisfying(
                            CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENROLMENT));
        }
    }
}
