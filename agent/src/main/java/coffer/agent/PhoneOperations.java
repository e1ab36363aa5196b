package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What can be done about phones, by name.
final class PhoneOperations {

    private static final int LOOK_MS = 150;
    private static final Json.Fields DONE = Json.object().build();

    private PhoneOperations() {}

    static Map<String, Operations.Operation> all(Phones phones, DeviceSlot slot) {
        return Map.of(
                "phones", (_, _) -> state(phones.state()),
                "phone-on", (arguments, _) -> {
                    slot.require(); // who has no device has nothing to show
                    return state(phones.turnOn(arguments.findText("address"), port(arguments)));
                },
                "phone-off", (_, _) -> {
                    phones.turnOff();
                    return DONE;
                },
                "phone-pair", (_, _) -> invitation(phones.invite(), phones.state()),
                "phone-await", (_, call) -> Json.object().put("kind", awaited(phones.pairing(), call)).build(),
                "phone-confirm", (arguments, _) ->
                        Json.object().put("name", phones.confirm(arguments.text("code"))).build(),
                "phone-remove", (arguments, _) -> {
                    phones.remove(arguments.text("name"));
                    return DONE;
                });
    }

    private static OptionalInt port(Json.Fields arguments) {
        return arguments.find("port").isPresent() ? OptionalInt.of(Math.toIntExact(arguments.whole("port"))) : OptionalInt.empty();
    }

    private static Json.Fields state(Phones.State state) {
        return Json.object()
                .put("on", state.on())
                .put("site", state.site())
                .put("fingerprint", state.fingerprint())
                .put("problem", state.problem().<Json>map(Wire::problem).orElseGet(Json.Null::new))
                .put("phones", state.phones().stream().map(PhoneOperations::phone).toList())
                .build();
    }

    private static Json.Fields phone(PhoneBook.Phone phone) {
        return Json.object()
                .put("name", phone.name())
                .put("added", phone.added().toString())
                .put("used", phone.used().map(Instant::toString))
                .put("ends", phone.ends().toString())
                .build();
    }

    private static Json.Fields invitation(Phones.Invitation invitation, Phones.State state) {
        return Json.object()
                .put("address", invitation.address())
                .put("fingerprint", state.fingerprint())
                .put("expires", invitation.ticket().ends().toString())
                .build();
    }

    /// Waits for a phone that has used the ticket; empty if none did in time.
    private static Optional<String> awaited(PhonePairing pairing, Operations.Call call) throws CofferException {
        try {
            while (!call.cancelled() && pairing.isInvited()) {
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.UNAVAILABLE, "The agent is stopping.", e);
        }
        return pairing.asking();
    }
}
