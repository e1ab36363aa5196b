package coffer.agent;

import coffer.core.CofferException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Tells a page what the device's status is, again each time it has become another one, until the page goes away.
final class PageEvents {

    private static final int LOOK_MS = 300;

    /// How soon it is noticed that a page has gone.
    private static final int QUIET_LOOKS_MAX = 20;

    private final DeviceSlot slot;

    PageEvents(DeviceSlot slot) {
        this.slot = slot;
    }

    void serve(Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        OutputStream out = Content.Sink.asOutputStream(response);
        try {
            tell(out);
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
    }

    /// Ends when the device does.
    private void tell(OutputStream out) throws IOException, InterruptedException {
        String told = "";
        int quiet = 0;
        while (slot.state() != DeviceSlot.State.ENDED) {
            String now = status();
            if (!now.equals(told)) {
                write(out, "data: " + now + "\n\n");
                told = now;
                quiet = 0;
            } else if (++quiet > QUIET_LOOKS_MAX) {
                write(out, ":\n\n");
                quiet = 0;
            }
            Thread.sleep(LOOK_MS);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private String status() {
        try {
            return Wire.status(slot.require().status()).line();
        } catch (CofferException e) {
            return Json.object().put("problem", Wire.problem(e)).build().line();
        }
    }
}
