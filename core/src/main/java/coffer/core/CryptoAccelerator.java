package coffer.core;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes Ed25519 about sixteen times faster where the Amazon Corretto Crypto Provider is on the class path and runs on this
/// machine; everything works without it.
///
/// Only Ed25519 is taken from it: for what else is used here the JDK is as fast, and one set of implementations is easier to
/// reason about than two.
public final class CryptoAccelerator {

    private static final String NAME = "CofferAccelerated";

    private CryptoAccelerator() {}

    /// Installs it for the whole process. Idempotent.
    ///
    /// @return whether it is in use
    public static synchronized boolean install() {
        if (Security.getProvider(NAME) != null) {
            return true;
        }
        Provider corretto = find();
        if (corretto == null) {
            return false;
        }
        Provider accelerated = new Ed25519Only(corretto);
        return !accelerated.getServices().isEmpty() && Security.insertProviderAt(accelerated, 1) > 0;
    }

    private static @Nullable Provider find() {
        try {
            return Corretto.healthy();
        } catch (LinkageError e) {
            // Not on the class path, or not made for this machine.
            return null;
        }
    }

    /// The one class that names the provider's: loading it is what fails where the provider is absent.
    private static final class Corretto {
        static @Nullable Provider healthy() {
            Provider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            return AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null ? provider : null;
        }
    }

    private static final class Ed25519Only extends Provider {

        Ed25519Only(Provider inner) {
            super(NAME, "1", "Ed25519 of " + inner.getName());
            Provider.Service service = inner.getService("Signature", "Ed25519");
            if (service != null) {
                putService(new Delegate(this, service));
            }
        }
    }

    private static final class Delegate extends Provider.Service {
        private final Provider.Service inner;

        Delegate(Provider provider, Provider.Service inner) {
            super(provider, inner.getType(), "Ed25519", inner.getClassName(), List.of(), Map.of());
            this.inner = inner;
        }

        @Override
        public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
            return inner.newInstance(parameter);
        }

        @Override
        public boolean supportsParameter(@Nullable Object parameter) {
            return inner.supportsParameter(parameter);
        }
    }
}
