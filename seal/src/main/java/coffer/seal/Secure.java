package coffer.seal;

import java.security.SecureRandom;

/// Holds the one generator of the process.
final class Secure {

    static final SecureRandom RANDOM = new SecureRandom();

    private Secure() {}
}
