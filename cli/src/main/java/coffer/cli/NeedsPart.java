package coffer.cli;

/// A command that means nothing without one of its parts.
abstract class NeedsPart implements Group {

    private final Coffer coffer;

    NeedsPart(Coffer coffer) {
        this.coffer = coffer;
    }

    final Coffer coffer() {
        return coffer;
    }

    @Override
    public final Integer call() {
        throw new UsageException("Say what to do: " + String.join(", ", parts().keySet()) + ".");
    }
}
