package coffer.core.log;

import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.DeviceId;
import coffer.core.DeviceRecord;
import coffer.core.Limits;
import coffer.core.LogId;
import java.util.ArrayList;
import java.util.List;

/// What an entry does that everyone must be able to check, in clear.
public sealed interface Control {

    /// The longest name of a region.
    int REGION_BYTES_MAX = 64;

    Kind kind();

    /// The fields after the kind, as one CBOR item.
    void writeTo(CborWriter out);

    /// An account begins. Signed by the first device and by the recovery key, so that neither can be given another.
    record AccountGenesis(DeviceRecord device, DeviceRecord recovery, Generation generation) implements Control {
        @Override
        public Kind kind() {
            return Kind.ACCOUNT_GENESIS;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(3);
            device.writeTo(out);
            recovery.writeTo(out);
            generation.writeTo(out);
        }
    }

    /// A device joins; `wrap` gives it the present generation's secret.
    record DeviceAdded(DeviceRecord device, Role role, Wrap wrap) implements Control {
        @Override
        public Kind kind() {
            return Kind.DEVICE_ADDED;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(3);
            device.writeTo(out);
            out.integer(role.code());
            wrap.writeTo(out);
        }
    }

    /// Devices leave, and with the same entry a generation begins that they do not know.
    record DeviceRemoved(List<DeviceId> removed, Generation generation) implements Control {
        public DeviceRemoved {
            removed = List.copyOf(removed);
        }

        @Override
        public Kind kind() {
            return Kind.DEVICE_REMOVED;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(2);
            writeIds(out, removed);
            generation.writeTo(out);
        }
    }

    /// A generation begins, for the same devices.
    record GenerationStarted(Generation generation) implements Control {
        @Override
        public Kind kind() {
            return Kind.GENERATION;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(1);
            generation.writeTo(out);
        }
    }

    /// Sealed settings of the account, among them which vaults it has; the body says it all.
    record Settings() implements Control {
        @Override
        public Kind kind() {
            return Kind.SETTINGS;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(0);
        }
    }

    /// The recovery key lets a device in, removes others, and starts a generation: one entry.
    record Recovered(DeviceRecord device, List<DeviceId> removed, Generation generation) implements Control {
        public Recovered {
            removed = List.copyOf(removed);
        }

        @Override
        public Kind kind() {
            return Kind.RECOVERED;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(3);
            device.writeTo(out);
            writeIds(out, removed);
            generation.writeTo(out);
        }
    }

    /// A vault begins, owned by the author's account, its bytes to lie in `region`.
    record VaultGenesis(LogId owner, String region, Epoch epoch) implements Control {
        @Override
        public Kind kind() {
            return Kind.VAULT_GENESIS;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(3).bytes(owner.value()).text(region);
            epoch.writeTo(out);
        }
    }

    /// Changes of the tree and of what packs hold; the body says it all.
    record Commit() implements Control {
        @Override
        public Kind kind() {
            return Kind.COMMIT;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(0);
        }
    }

    /// An epoch begins.
    record EpochStarted(Epoch epoch) implements Control {
        @Override
        public Kind kind() {
            return Kind.EPOCH;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(1);
            epoch.writeTo(out);
        }
    }

    /// The owner chooses another region.
    record Residency(String region) implements Control {
        @Override
        public Kind kind() {
            return Kind.RESIDENCY;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(1).text(region);
        }
    }

    /// The sealed body says where the whole state after an earlier entry is stored.
    record Snapshot() implements Control {
        @Override
        public Kind kind() {
            return Kind.SNAPSHOT;
        }

        @Override
        public void writeTo(CborWriter out) {
            out.array(0);
        }
    }

    static Control readFrom(Kind kind, CborReader in) throws CborException {
        return switch (kind) {
            case ACCOUNT_GENESIS -> {
                in.arrayOf(3);
                yield new AccountGenesis(
                        DeviceRecord.readFrom(in), DeviceRecord.readFrom(in), Generation.readFrom(in));
            }
            case DEVICE_ADDED -> {
                in.arrayOf(3);
                yield new DeviceAdded(DeviceRecord.readFrom(in), Role.of(in.integer()), Wrap.readFrom(in));
            }
            case DEVICE_REMOVED -> {
                in.arrayOf(2);
                yield new DeviceRemoved(readIds(in), Generation.readFrom(in));
            }
            case GENERATION -> {
                in.arrayOf(1);
                yield new GenerationStarted(Generation.readFrom(in));
            }
            case SETTINGS -> {
                in.arrayOf(0);
                yield new Settings();
            }
            case RECOVERED -> {
                in.arrayOf(3);
                yield new Recovered(DeviceRecord.readFrom(in), readIds(in), Generation.readFrom(in));
            }
            case VAULT_GENESIS -> {
                in.arrayOf(3);
                yield new VaultGenesis(
                        new LogId(in.bytesOf(LogId.SIZE)), in.text(REGION_BYTES_MAX), Epoch.readFrom(in));
            }
            case COMMIT -> {
                in.arrayOf(0);
                yield new Commit();
            }
            case EPOCH -> {
                in.arrayOf(1);
                yield new EpochStarted(Epoch.readFrom(in));
            }
            case RESIDENCY -> {
                in.arrayOf(1);
                yield new Residency(in.text(REGION_BYTES_MAX));
            }
            case SNAPSHOT -> {
                in.arrayOf(0);
                yield new Snapshot();
            }
        };
    }

    private static void writeIds(CborWriter out, List<DeviceId> ids) {
        out.array(ids.size());
        ids.forEach(id -> out.bytes(id.value()));
    }

    private static List<DeviceId> readIds(CborReader in) throws CborException {
        List<DeviceId> ids = new ArrayList<>();
        for (int left = in.array(Limits.DEVICES_MAX); left > 0; left--) {
            ids.add(new DeviceId(in.bytesOf(DeviceId.SIZE)));
        }
        return ids;
    }
}
