package coffer.agent;

import coffer.core.CofferException;
import coffer.device.DeviceSetup.Keep;
import coffer.device.Progress;
import java.net.URI;
import java.util.Optional;

/// Makes a device in the home of an agent that has none yet, and opens one that is locked.
public final class RemoteSetup {

    private final AgentClient agent;

    public RemoteSetup(AgentClient agent) {
        this.agent = agent;
    }

    /// Makes an account and its first device; returns the recovery words.
    public String create(URI service, String deviceName) throws CofferException {
        Json.Fields arguments = arguments(service, deviceName).build();
        return agent.call("create", arguments).text("words");
    }

    public void join(URI service, String code, String deviceName, Progress progress) throws CofferException {
        Json.Fields arguments = arguments(service, deviceName).put("code", code).build();
        agent.call("join", arguments, progress, _ -> {});
    }

    public void recover(URI service, String words, String deviceName, Keep keep, Progress progress)
            throws CofferException {
        Json.Fields arguments = arguments(service, deviceName)
                .put("words", words)
                .put("keep", Wire.keep(keep))
                .build();
        agent.call("recover", arguments, progress, _ -> {});
    }

    public void unlock(String passphrase) throws CofferException {
        agent.call("unlock", Json.object().put("passphrase", passphrase).build());
    }

    public boolean hasPassphrase() throws CofferException {
        return agent.call("passphrase", Json.object().build()).flag("set");
    }

    /// Sets a passphrase, changes it, or removes it.
    ///
    /// @param present the one that is set now, if one is
    public void changePassphrase(Optional<String> present, Optional<String> wanted) throws CofferException {
        Json.Builder arguments = Json.object().put("change", true);
        present.ifPresent(text -> arguments.put("present", text));
        wanted.ifPresent(text -> arguments.put("wanted", text));
        agent.call("passphrase", arguments.build());
    }

    private static Json.Builder arguments(URI service, String deviceName) {
        return Json.object().put("service", service.toString()).put("name", deviceName);
    }
}
