package coffer.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// One tab of a [Chromium]: what a person does in it, and what it shows.
final class Tab {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_MS = 30_000;

    private final Chromium browser;
    private final String session;

    /// What pages logged as an error, what the policy refused, and what they threw.
    final List<String> errors = new CopyOnWriteArrayList<>();

    /// Every address that was asked for.
    final List<String> requests = new CopyOnWriteArrayList<>();

    Tab(Chromium browser, String session, String context) {
        this.browser = browser;
        this.session = session;
        browser.listen((from, message) -> {
            if (from.equals(session)) {
                heard(message);
            }
        });
        for (String domain : List.of("Page", "Runtime", "Network", "Log", "DOM")) {
            send(domain + ".enable");
        }
        browser.send(null, "Browser.setDownloadBehavior", "behavior", "deny", "browserContextId", context);
        size(1280, 800, false);
    }

    private void heard(JsonNode message) {
        JsonNode params = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" -> errors.add(params.path("exceptionDetails").toString());
            case "Log.entryAdded" -> {
                if (params.path("entry").path("level").asText().equals("error")) {
                    errors.add(params.path("entry").path("text").asText() + " " + params.path("entry").path("url").asText());
                }
            }
            case "Network.requestWillBeSent" -> requests.add(params.path("request").path("url").asText());
            case "Page.javascriptDialogOpening" -> {
                errors.add("a dialog: " + params.path("message").asText());
                Thread.ofVirtual().start(() -> send("Page.handleJavaScriptDialog", "accept", true));
            }
            default -> {}
        }
    }

    JsonNode send(String method, Object... fields) {
        return browser.send(session, method, fields);
    }

    void size(int width, int height, boolean phone) {
        send(
                "Emulation.setDeviceMetricsOverride",
                "width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone);
    }

    void scheme(String scheme) {
        send("Emulation.setEmulatedMedia", "features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme)));
    }

    void open(String address) {
        send("Page.navigate", "url", address);
    }

    /// The value of an expression, which may be a promise.
    JsonNode eval(String expression) {
        JsonNode result =
                send("Runtime.evaluate", "expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true);
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /// Waits until an expression is true; whatever it throws meanwhile is not.
    void await(String expression) {
        long end = System.currentTimeMillis() + PATIENCE_MS;
        while (!holds(expression)) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("never came true: " + expression + "\nthe page says: " + text() + "\nerrors: " + errors);
            }
            pause(40);
        }
    }

    private boolean holds(String expression) {
        try {
            return eval("(() => { try { return !!(" + expression + "); } catch { return false; } })()").asBoolean();
        } catch (IllegalStateException e) {
            if (String.valueOf(e.getCause()).contains("Inspected target navigated")) {
                return false; // the page is just being loaded again
            }
            throw e;
        }
    }

    void awaitText(String text) {
        await("document.body.innerText.includes(" + quoted(text) + ")");
    }

    void awaitNoText(String text) {
        await("!document.body.innerText.includes(" + quoted(text) + ")");
    }

    String text() {
        return eval("document.body ? document.body.innerText : ''").asText();
    }

    private static final String SEEN =
            "[...document.querySelectorAll('button, a, [role=menuitem], [role=row], label, summary')].filter(e => e.checkVisibility())";

    /// Clicks with the mouse what bears that label, as soon as it can be seen.
    void click(String label) {
        clickOn(SEEN + ".findLast(e => (e.getAttribute('aria-label') ?? e.innerText ?? '').trim().startsWith(" + quoted(label) + "))");
    }

    void clickOn(String element) {
        await(element);
        eval("(" + element + ").scrollIntoView({block: 'nearest'})");
        String middle = "(() => { const r = (" + element + ").getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()";
        JsonNode at = eval(middle);
        for (JsonNode before = null; !at.equals(before); at = eval(middle)) {
            before = at; // what is still moving would not be hit
            pause(60);
        }
        double x = at.get(0).asDouble();
        double y = at.get(1).asDouble();
        send("Input.dispatchMouseEvent", "type", "mouseMoved", "x", x, "y", y);
        send("Input.dispatchMouseEvent", "type", "mousePressed", "x", x, "y", y, "button", "left", "clickCount", 1);
        send("Input.dispatchMouseEvent", "type", "mouseReleased", "x", x, "y", y, "button", "left", "clickCount", 1);
    }

    /// Presses one key by its name, `Enter` or `a`.
    void press(String key) {
        press(key, 0);
    }

    /// @param modifiers 2 for Ctrl, 8 for Shift
    void press(String key, int modifiers) {
        int code = switch (key) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "Tab" -> 9;
            case "Delete" -> 46;
            case "F2" -> 113;
            case "ArrowDown" -> 40;
            case "ArrowUp" -> 38;
            case "ArrowRight" -> 39;
            case "ArrowLeft" -> 37;
            case "Home" -> 36;
            case "End" -> 35;
            case "Backspace" -> 8;
            default -> Character.toUpperCase(key.charAt(0));
        };
        Object[] text = key.length() == 1 && modifiers == 0
                ? new Object[] {"text", key}
                : key.equals("Enter") ? new Object[] {"text", "\r"} : new Object[0];
        Object[] down = new Object[10 + text.length];
        System.arraycopy(
                new Object[] {"type", "keyDown", "key", key, "windowsVirtualKeyCode", code, "modifiers", modifiers, "code", key},
                0, down, 0, 10);
        System.arraycopy(text, 0, down, 10, text.length);
        send("Input.dispatchKeyEvent", down);
        send("Input.dispatchKeyEvent", "type", "keyUp", "key", key, "windowsVirtualKeyCode", code, "modifiers", modifiers);
    }

    void type(String text) {
        send("Input.insertText", "text", text);
    }

    /// Replaces what is in the field that has the focus.
    void retype(String text) {
        eval("document.activeElement.select()");
        type(text);
    }

    /// Gives files to the input of that label, as a person's choice.
    void choose(String label, List<Path> files) {
        JsonNode found = send(
                "Runtime.evaluate", "expression", "document.querySelector('input[aria-label=" + quoted(label) + "]')");
        String object = found.path("result").path("objectId").asText();
        send("DOM.setFileInputFiles", "files", files.stream().map(Path::toString).toList(), "objectId", object);
    }

    /// Drops files and folders in the middle of the page.
    void drop(List<Path> files) {
        Map<String, Object> data = Map.of(
                "items", List.of(), "files", files.stream().map(Path::toString).toList(), "dragOperationsMask", 1);
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            send("Input.dispatchDragEvent", "type", type, "x", 640, "y", 400, "data", data);
        }
    }

    void screenshot(Path file) throws IOException {
        pause(350);
        JsonNode shot = send("Page.captureScreenshot", "format", "png");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(shot.get("data").asText()));
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
