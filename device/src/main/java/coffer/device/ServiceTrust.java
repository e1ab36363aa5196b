package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Which certificates this device takes from a service that speaks TLS (docs/decisions/0004).
///
/// `service.pem` in the device's home, where there is one: then the service is who holds one of these certificates, or
/// one that they signed, and nobody else. Without it: what the platform trusts. Transfers, which also go to providers,
/// take either. The name in the certificate is always compared with the address.
public final class ServiceTrust {

    private static final String FILE = "service.pem";
    private static final int FILE_BYTES_MAX = 1 << 20;

    static final ServiceTrust PLATFORM = new ServiceTrust(List.of());

    private final List<X509Certificate> pinned;

    private ServiceTrust(List<X509Certificate> pinned) {
        this.pinned = List.copyOf(pinned);
    }

    /// Keeps the certificates in `file` as those of the service of `home`, which is no device yet.
    ///
    /// @param file one or more X.509 certificates, as PEM or DER
    /// @throws CofferException LOCAL if it holds none, cannot be read or kept, or the home is a device
    public static void keep(Path home, Path file) throws CofferException {
        if (DeviceHome.exists(home)) {
            throw DeviceHome.deviceAlready();
        }
        read(file);
        Path kept = home.resolve(FILE);
        Path temporary = home.resolve(FILE + ".new");
        try {
            Files.createDirectories(home);
            Files.write(temporary, Files.readAllBytes(file));
            Files.move(temporary, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The certificate cannot be kept in the device's home.", e);
        }
    }

    static ServiceTrust of(Path home) throws CofferException {
        Path file = home.resolve(FILE);
        return Files.exists(file) ? new ServiceTrust(read(file)) : PLATFORM;
    }

    private static List<X509Certificate> read(Path file) throws CofferException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new CertificateException("too long");
            }
            Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            List<X509Certificate> certificates = new ArrayList<>();
            for (Certificate certificate : all) {
                if (certificate instanceof X509Certificate x509) {
                    certificates.add(x509);
                }
            }
            if (certificates.isEmpty()) {
                throw new CertificateException("none");
            }
            return certificates;
        } catch (IOException | CertificateException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "The file with the service's certificate cannot be read, or holds none.",
                    "Ask the service's operator for its certificate as a PEM file.",
                    e);
        }
    }

    /// For what only the service is asked.
    SSLContext forService() {
        return pinned.isEmpty() ? platform() : context(pinned);
    }

    /// For packs, which come from the service's own address or a provider's.
    SSLContext forTransfers() {
        if (pinned.isEmpty()) {
            return platform();
        }
        List<X509Certificate> all = new ArrayList<>(pinned);
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager x509) {
                all.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return context(all);
    }

    private static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java speaks TLS", e);
        }
    }

    private static SSLContext context(List<X509Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("trusted-" + i, certificates.get(i));
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(store), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java speaks TLS", e);
        }
    }

    private static TrustManager[] managers(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java speaks TLS", e);
        }
    }

    /// What a failed request says of the other side's certificate, which trying again does not change; null if it says
    /// nothing of it.
    @Nullable
    CofferException refusal(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return CofferException.withAdvice(
                        ErrorCode.UNAVAILABLE,
                        pinned.isEmpty()
                                ? "The certificate at this address is not one that this device trusts, or is for another"
                                        + " address."
                                : "The certificate at this address is not the one kept for the service, or is for"
                                        + " another address.",
                        pinned.isEmpty() ? ASK : RENEWED,
                        failure);
            }
        }
        return null;
    }

    private static final String ASK = "Nothing was sent. Check the address and this machine's clock. If the operator made"
            + " the certificate, ask them for its file and give it with --service-certificate FILE.";
    private static final String RENEWED = "Nothing was sent. Ask the operator, not through this service, whether the"
            + " certificate was replaced; if so, put the new one in service.pem in the device's home, then"
            + " `coffer agent stop`.";
}
