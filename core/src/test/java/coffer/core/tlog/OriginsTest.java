package coffer.core.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class OriginsTest {

    @Test
    void anAddress_hasItsOriginInOneForm() {
        assertThat(Origins.of(URI.create("HTTPS://Host.Example/x?y"))).isEqualTo("https://host.example");
        assertThat(Origins.of(URI.create("https://host.example:443/x"))).isEqualTo("https://host.example");
        assertThat(Origins.of(URI.create("http://host.example:443"))).isEqualTo("http://host.example:443");
        assertThat(Origins.of(URI.create("http://[::1]:8420/x"))).isEqualTo("http://[::1]:8420");
    }

    @Test
    void anAddressWithAUserOrWithoutAHost_hasNone() {
        assertThat(Origins.of(URI.create("http://127.0.0.1:80@evil.example/x"))).isEmpty();
        assertThat(Origins.of(URI.create("/x"))).isEmpty();
        assertThat(Origins.of(URI.create("mailto:a@b.example"))).isEmpty();
    }
}
