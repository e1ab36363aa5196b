package coffer.device.sync;

import coffer.core.CofferException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Has slow work done elsewhere and brings what comes of it back to the control thread. [#run] and [#post] are safe for all
/// threads; [#receive] is for the control thread.
final class Background {

    @FunctionalInterface
    interface Work {
        /// @return what the control thread does with the result
        Message run() throws CofferException;
    }

    /// Something for the control thread to do.
    @FunctionalInterface
    interface Message {
        void run() throws CofferException;
    }

    private final Workers workers;
    private final Runnable wake;
    private final ConcurrentLinkedQueue<Message> inbox = new ConcurrentLinkedQueue<>();

    /// @param wake called when [#receive] has something to do
    Background(Workers workers, Runnable wake) {
        this.workers = workers;
        this.wake = wake;
    }

    /// Does the work, then on the control thread what it returns, or `onError`. A bug in it ends the control thread's loop
    /// rather than leaving it waiting for ever.
    void run(Work work, Consumer<CofferException> onError) {
        workers.run(() -> {
            Message then;
            try {
                then = work.run();
            } catch (CofferException e) {
                then = () -> onError.accept(e);
            } catch (RuntimeException e) {
                then = () -> {
                    throw new IllegalStateException("work for a synced folder failed", e);
                };
            }
            post(then);
        });
    }

    void post(Message message) {
        inbox.add(message);
        wake.run();
    }

    /// Does what has come; whether anything had.
    boolean receive() throws CofferException {
        boolean any = false;
        for (Message message = inbox.poll(); message != null; message = inbox.poll()) {
            message.run();
            any = true;
        }
        return any;
    }

    boolean isIdle() {
        return inbox.isEmpty();
    }
}
