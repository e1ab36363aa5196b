package coffer.attack;

/// The attack got what it wanted, or did not reach its target.
final class Fell extends Exception {

    private static final long serialVersionUID = 1;

    Fell(String what) {
        super(what);
    }
}
