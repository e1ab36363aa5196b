package coffer.attack;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/// What a service can try in the middle between two devices that join.
final class JoinAttacks {

    private static final String LETTER = "/v1/mailboxes/[^/]+/";

    private JoinAttacks() {}

    @Tries(entry = {"A15", "A16"}, what = "The service stands between two devices that join: changes, reflects and replays their letters.",
            holds = ErrorCode.ENROLMENT)
    static void inTheMiddle(World world) throws Exception {
        Deque<byte[]> letters = new ArrayDeque<>();
        world.front.changes("letters are kept", asked -> asked.isFor("PUT", LETTER + "[012]"), (asked, truth) -> {
            letters.add(asked.body());
            return truth;
        });
        join(world, "three");
        long devices = world.one.device().devices().size();
        byte[] oldRequest = letters.toArray(byte[][]::new)[1];
        byte[] oldAnswer = letters.getLast();
        world.front.behaves();
        world.front.changes("the greeting is changed", "GET", LETTER + "0", JoinAttacks::flip);
        world.refused(() -> join(world, "four"));
        world.front.behaves();
        noAnswer(world);
        world.front.changes("the request is changed", asked -> asked.isFor("GET", LETTER + "1"), (_, truth) -> there(truth, flip(truth.body())));
        world.refused(() -> join(world, "five"));
        world.front.behaves();
        noAnswer(world);
        world.front.changes("an older request is replayed", asked -> asked.isFor("GET", LETTER + "1"), (_, truth) -> there(truth, oldRequest));
        world.refused(() -> join(world, "six"));
        world.holds(world.one.device().devices().size() == devices, "no device was let in");
        world.front.behaves();
        world.front.changes("an older answer is replayed", asked -> asked.isFor("GET", LETTER + "2"), (_, truth) -> there(truth, oldAnswer));
        world.refused(() -> join(world, "seven"));
        world.front.behaves();
        byte[][] request = {new byte[0]};
        world.front.changes("the request is kept", asked -> asked.isFor("PUT", LETTER + "1"), (asked, truth) -> {
            request[0] = asked.body();
            return truth;
        });
        world.front.changes("the request is reflected", asked -> asked.isFor("GET", LETTER + "2"), (_, truth) -> there(truth, request[0]));
        world.refused(() -> join(world, "eight"));
    }

    /// Lets nobody wait for an answer that will not come.
    private static void noAnswer(World world) {
        world.front.answers("no answer is there", asked -> asked.isFor("GET", LETTER + "2"), (_, _) -> Front.Answer.text(404, "{}")).perhaps();
    }

    private static Front.Answer there(Front.Answer truth, byte[] letter) {
        return truth.status() == 200 ? truth.with(letter) : truth;
    }

    private static byte[] flip(byte[] letter) {
        byte[] flipped = letter.clone();
        if (flipped.length > 0) {
            flipped[flipped.length / 2] ^= 1;
        }
        return flipped;
    }

    /// Has a device join, which ends as soon as either of the two refuses.
    static Object join(World world, String name) throws Exception {
        Device.Invitation invitation = world.one.device().invite();
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Object> old = new FutureTask<>(() -> {
            try {
                Device.JoinRequest request = world.one.device().awaitJoinRequest(until(over)).orElseThrow();
                world.one.device().approve(request);
                return request;
            } catch (CofferException e) {
                over.set(true);
                throw e;
            }
        });
        Thread.ofVirtual().start(old);
        try {
            new LocalDeviceSetup()
                    .join(world.folder(name).resolve("home"), world.front.address(), invitation.code(), name, until(over))
                    .close();
        } finally {
            over.set(true);
        }
        try {
            return old.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static Progress until(AtomicBoolean over) {
        return new Progress() {
            @Override
            public void update(String what, long done, long total, Unit unit) {}

            @Override
            public boolean cancelled() {
                return over.get();
            }
        };
    }
}
