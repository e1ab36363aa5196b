package coffer.cli;

import coffer.attack.Canaries;
import coffer.attack.LeakSearch;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.device.Rebuild;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// The whole story, told on this machine in a folder of its own: every step does the real thing through the real
/// service, and every claim is checked.
///
/// All traffic crosses a proxy that records it, so that what was sent can be searched like what was stored.
final class Demo {

    /// More than one pack, so that ranges of packs are read too.
    private static final int STRANGER_BYTES = 18 << 20;

    private static final String VAULT_ROOT = "/";

    private final Story story;
    private final Path root;
    private final List<Path> sources;
    private final DeviceSetup setup = new LocalDeviceSetup();
    private final Canaries canaries = new Canaries();

    /// @param root    an empty folder, which the caller removes
    /// @param sources what to keep; nothing in it is changed
    Demo(Story story, Path root, List<Path> sources) {
        this.story = story;
        this.root = root;
        this.sources = List.copyOf(sources);
    }

    /// Tells the story; the exit status is the story's.
    int run() throws IOException, CofferException, InterruptedException {
        if (!prepared()) {
            return story.end();
        }
        story.step("Start a service and a provider on this machine");
        try (RecordingProxy proxy = new RecordingProxy(root.resolve("traffic"));
                Service service = startService(proxy, root.resolve("service"))) {
            proxy.forwardTo(service.address());
            story.claim(true, "a service and a provider's folder are there", service.address().toString());
            DeviceSetup.Created created = createAccount(proxy.address());
            try (Device first = created.device()) {
                keep(first);
                try (Device second = join(first, proxy.address())) {
                    compareOn(second, "second");
                    damageAndHeal(first, second);
                    remove(first, second);
                }
            }
            recover(proxy.address(), created.recoveryWords());
            rebuild(created.recoveryWords());
            searchEverything(created.recoveryWords());
        }
        return story.end();
    }

    private boolean prepared() throws IOException {
        story.step("Look at what is to be kept");
        Set<String> names = new HashSet<>();
        for (Path source : sources) {
            if (!story.claim(Files.isDirectory(source), "it is a folder", Shown.name(source.toString()))
                    || !story.claim(names.add(String.valueOf(source.getFileName())), "its name is its own")) {
                return false;
            }
            canaries.addTree(source);
        }
        story.figure("files", Shown.count(canaries.files(), "file"));
        return true;
    }

    private static Service startService(RecordingProxy proxy, Path data) throws IOException {
        try {
            return Service.start(ServiceConfig.of(data)
                    .with(Map.of("origins", proxy.address().toString(), "released-grace", "PT1S")));
        } catch (coffer.service.ConfigException e) {
            throw new IllegalStateException("the demonstration's own configuration is wrong", e);
        }
    }

    private DeviceSetup.Created createAccount(URI service) throws CofferException, IOException {
        story.step("Make an account and its first device");
        DeviceSetup.Created created = setup.create(home("first"), service, "First device of the story");
        int words = created.recoveryWords().split(" ").length;
        story.claim(words == 24, "24 recovery words, shown once and kept nowhere");
        canaries.addText("the recovery words", created.recoveryWords());
        canaries.addText("a device's name", "First device of the story");
        addKeys("first");
        return created;
    }

    private void keep(Device device) throws CofferException {
        story.step("Keep the folders");
        long start = System.nanoTime();
        Device.PutReport report = device.put(sources, VAULT_ROOT, Progress.SILENT);
        double seconds = (System.nanoTime() - start) / 1e9;
        report.problems().forEach(problem -> story.say(Shown.name(problem.where()) + ": " + problem.message()));
        story.claim(report.problems().isEmpty(), "everything was read");
        story.figure("kept", Shown.count(report.files(), "file") + ", " + Shown.bytes(report.bytes()));
        story.figure("sent, sealed", Shown.bytes(report.sentBytes()));
        story.figure("time", String.format(java.util.Locale.ROOT, "%.1f s", seconds));
        Device.PutReport again = device.put(sources, VAULT_ROOT, Progress.SILENT);
        story.claim(again.sentBytes() == 0, "keeping the same again sends nothing");
    }

    private Device join(Device first, URI service) throws CofferException, InterruptedException, IOException {
        story.step("Let a second device join with a one-time code");
        Device.Invitation invitation = first.invite();
        canaries.addText("a join code", invitation.code());
        story.figure("code", invitation.code());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Device> joining = threads.submit(() -> setup.join(
                    home("second"), service, invitation.code(), "Second device of the story", Progress.SILENT));
            Device.JoinRequest request = first.awaitJoinRequest(Progress.SILENT).orElseThrow();
            story.claim(
                    request.name().equals("Second device of the story"),
                    "the first device is asked, and says yes to",
                    request.name());
            first.approve(request);
            Device second = joining.get();
            canaries.addText("a device's name", "Second device of the story");
            addKeys("second");
            story.claim(first.devices().size() == 2, "the account has two devices");
            return second;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CofferException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    private void compareOn(Device device, String name) throws CofferException, IOException {
        story.step("Read everything back on the " + name + " device and compare every byte");
        Path copy = root.resolve("copy-" + name);
        Device.GetReport report = device.get(VAULT_ROOT, copy, false, Progress.SILENT);
        story.claim(report.problems().isEmpty(), "everything was written");
        compare(copy);
    }

    private void compare(Path copy) throws IOException {
        long files = 0;
        long bytes = 0;
        for (Path source : sources) {
            TreeCompare.Result result =
                    TreeCompare.compare(source, copy.resolve(String.valueOf(source.getFileName())));
            result.differences().forEach(difference -> story.say(Shown.name(difference)));
            story.claim(result.same(), "the same, byte for byte", Shown.name(source.toString()));
            files += result.files();
            bytes += result.bytes();
        }
        story.figure("compared", Shown.count(files, "file") + ", " + Shown.bytes(bytes));
    }

    private void damageAndHeal(Device first, Device second) throws CofferException, IOException {
        story.step("Flip one bit of one stored byte at the provider");
        Path pack = largestPack();
        flip(pack, Files.size(pack) / 3);
        Device.GetReport damaged =
                second.get(VAULT_ROOT, root.resolve("copy-damaged"), false, Progress.SILENT);
        boolean refused = damaged.problems().stream().anyMatch(problem -> problem.code().equals("INTEGRITY"));
        story.claim(refused, "what it touches is refused, not handed out", "INTEGRITY");
        story.figure("refused", Shown.count(damaged.problems().size(), "file"));
        Device.VerifyReport verified = first.verify(true, Progress.SILENT);
        story.claim(!verified.problems().isEmpty(), "`verify --full` on the other device finds it");
        Device.PutReport healed = first.put(sources, VAULT_ROOT, Progress.SILENT);
        story.figure("sent again", Shown.bytes(healed.sentBytes()));
        Device.VerifyReport after = first.verify(true, Progress.SILENT);
        story.claim(after.problems().isEmpty(), "keeping the folders again heals it");
        Path copy = root.resolve("copy-healed");
        second.refresh();
        second.get(VAULT_ROOT, copy, false, Progress.SILENT);
        compare(copy);
    }

    private void remove(Device first, Device second) throws CofferException, IOException {
        story.step("Remove the second device");
        Device.Status before = second.status();
        first.removeDevice("Second device of the story");
        Path fresh = Files.createDirectories(root.resolve("after removal"));
        Files.writeString(fresh.resolve("written after the removal.txt"), "The removed device must not see this.");
        canaries.addTree(fresh);
        first.put(List.of(fresh), VAULT_ROOT, Progress.SILENT);
        String code = "";
        try {
            second.refresh();
        } catch (CofferException e) {
            code = e.code().name();
        }
        story.claim(!code.isEmpty(), "it is locked out of what comes after", code);
        boolean unseen = second.list(VAULT_ROOT, true).stream()
                .noneMatch(node -> node.path().contains("written after the removal"));
        story.claim(unseen, "it does not even see the new name");
        story.claim(
                second.status().logs().equals(before.logs()) || unseen,
                "its view ends before the removal");
        story.claim(
                first.who().stream().noneMatch(holder -> holder.holder().equals("Second device of the story")),
                "no key of today is wrapped for it");
    }

    private void recover(URI service, String words) throws CofferException, IOException {
        story.step("Lose every device; recover the account from the 24 words on a third");
        String wrong = words.substring(0, words.lastIndexOf(' ')) + " zoo zoo".substring(4);
        try {
            setup.recover(home("nobody"), service, wrong, "Nobody", new DeviceSetup.Keep.All(), Progress.SILENT)
                    .close();
            story.claim(wrong.equals(words), "wrong words are refused");
        } catch (CofferException e) {
            story.claim(true, "wrong words are refused", e.code().name());
        }
        try (Device third = setup.recover(
                home("third"),
                service,
                words,
                "Third device of the story",
                new DeviceSetup.Keep.None(),
                Progress.SILENT)) {
            canaries.addText("a device's name", "Third device of the story");
            addKeys("third");
            List<String> active = third.devices().stream()
                    .filter(Device.DeviceInfo::active)
                    .map(Device.DeviceInfo::name)
                    .toList();
            story.claim(active.equals(List.of("Third device of the story")), "it is the account's only device now");
            compareOn(third, "third");
            third.saveLogs(root.resolve("saved logs"));
        }
    }

    private void rebuild(String words) throws CofferException, IOException {
        story.step("Rebuild everything from packs, saved logs and words alone, without service or network");
        Path copy = root.resolve("copy-rebuilt");
        Device.GetReport report =
                Rebuild.run(providerFolder(), root.resolve("saved logs"), words, copy, Progress.SILENT);
        story.claim(report.problems().isEmpty(), "everything was written");
        compare(copy);
    }

    /// Somebody else, who keeps random bytes with a service of their own and reads them back.
    private void stranger() throws IOException, CofferException {
        Path own = root.resolve("stranger");
        Path folder = Files.createDirectories(own.resolve("random"));
        byte[] bytes = new byte[STRANGER_BYTES];
        new SecureRandom().nextBytes(bytes);
        Files.write(folder.resolve("1"), bytes);
        try (RecordingProxy proxy = new RecordingProxy(own.resolve("traffic"));
                Service service = startService(proxy, own.resolve("service"))) {
            proxy.forwardTo(service.address());
            try (Device device = setup.create(own.resolve("home"), proxy.address(), "1").device()) {
                device.put(List.of(folder), VAULT_ROOT, Progress.SILENT);
                device.get(VAULT_ROOT, own.resolve("copy"), false, Progress.SILENT);
                device.verify(true, Progress.SILENT);
                device.refresh();
            }
        }
    }

    private void searchEverything(String words) throws IOException, CofferException {
        story.step("Search every byte that service and provider store, and every byte that crossed the network");
        canaries.addText("the recovery words", words.replace(" ", "-"));
        story.figure(
                "looked for",
                Shown.count(canaries.search().count(), "byte string") + " of names, contents and keys");
        stranger();
        long known = canaries.forgetWordsIn(root.resolve("stranger").resolve("traffic"));
        if (known > 0) {
            story.figure("words of HTTP itself, not looked for", Long.toString(known));
        }
        if (canaries.shortNames() > 0) {
            story.figure("names of under 8 bytes, not looked for", Long.toString(canaries.shortNames()));
        }
        search("stored by service and provider", root.resolve("service"));
        search("sent and received", root.resolve("traffic"));
        control();
    }

    private void search(String what, Path folder) throws IOException {
        LeakSearch.Result result = canaries.search().search(folder);
        result.hits().stream()
                .limit(10)
                .forEach(hit -> story.say("found " + hit.label() + " in "
                        + Shown.name(root.relativize(hit.file()).toString()) + " at " + hit.offset()));
        story.claim(
                result.hits().isEmpty(),
                "nothing found in what was " + what,
                Shown.count(result.files(), "file") + ", " + Shown.bytes(result.bytes()));
    }

    /// A search that finds nothing must be able to find something.
    private void control() throws IOException {
        long files = canaries.search().filesThatHoldAny(sources.getFirst());
        story.claim(
                files > 0,
                "the same search does find them in the folders themselves",
                "in " + Shown.count(files, "file"));
    }

    private void addKeys(String device) throws IOException {
        byte[] file = Files.readAllBytes(home(device).resolve("device.key"));
        // The two seeds are the one byte string of 64 bytes near the beginning of the file.
        canaries.addSecret("a device's key", java.util.Arrays.copyOfRange(file, 4, 4 + 64));
    }

    private Path home(String device) {
        return root.resolve("devices").resolve(device);
    }

    private Path providerFolder() {
        return root.resolve("service").resolve("providers");
    }

    private Path largestPack() throws IOException {
        try (Stream<Path> files = Files.walk(providerFolder())) {
            List<Path> packs = new ArrayList<>(files.filter(Files::isRegularFile).toList());
            packs.sort(Comparator.comparingLong(Demo::sizeOf));
            return packs.getLast();
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int present = bytes.read();
            bytes.seek(offset);
            bytes.write(present ^ 1);
        }
    }
}
