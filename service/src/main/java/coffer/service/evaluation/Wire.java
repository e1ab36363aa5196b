package coffer.service.evaluation;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Sends one request as a device would, or as somebody who misuses what a device was given.
public interface Wire {

    /// Longest body of an answer that is kept.
    int BODY_MAX = 1 << 20;

    /// @param headers to send besides `Host` and `Content-Length`
    /// @param body    empty for none
    /// @throws IOException no answer came
    Answer send(String method, URI url, Map<String, String> headers, byte[] body) throws IOException;

    /// @param body its first [#BODY_MAX] bytes
    record Answer(int status, byte[] body) {

        boolean isAccepted() {
            return status >= 200 && status < 300;
        }

        /// The endpoint understood and did not do it. Redirects are neither this nor accepted: they would take the bytes elsewhere.
        boolean isRefused() {
            return status == 501 || (status >= 400 && status < 500 && !isPassing());
        }

        /// An answer that says nothing but "not now".
        boolean isPassing() {
            return status == 408 || status == 425 || status == 429 || (status >= 500 && status != 501);
        }
    }
}
