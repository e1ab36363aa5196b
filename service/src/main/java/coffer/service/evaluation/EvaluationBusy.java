package coffer.service.evaluation;

/// The provider has an evaluation that is not over: it runs, or waits to be resumed or cancelled.
@SuppressWarnings("serial") // never serialised
public final class EvaluationBusy extends Exception {

    private final transient EvaluationStatus status;

    EvaluationBusy(EvaluationStatus status) {
        super("the provider has an evaluation that is not over");
        this.status = status;
    }

    public EvaluationStatus status() {
        return status;
    }
}
