package coffer.media.decode;

/// With Java's own decoder of JPEGs, which is everywhere.
class JavaEyeTest extends EyeContract {

    @Override
    Eye eye() {
        return new Eye(Jpegs.JAVA);
    }
}
