package coffer.device.sync;

/// Runs work off the control thread.
public interface Workers {

    /// Runs the task some time, on some thread. The task never throws.
    void run(Runnable task);
}
