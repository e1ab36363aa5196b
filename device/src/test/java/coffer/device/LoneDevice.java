package coffer.device;

import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.DeviceKeys;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The logs and the tree of one device, without content and without network, for tests of what it believes.
final class LoneDevice implements AutoCloseable {

    final DeviceKeys keys;
    final MemoryLogs service;
    final ReplicaDb db;
    final AccountLog accountLog;
    final AccountSync account;
    final Replica replica;
    final Vault vault;
    final Membership membership;
    final LogStore store;

    LoneDevice(DeviceKeys keys, LogId accountId, LogId vaultId, MemoryLogs service, Path file)
            throws CofferException {
        this.keys = keys;
        this.service = service;
        this.db = ReplicaDb.open(file);
        this.accountLog = new AccountLog(keys);
        this.account = new AccountSync(accountId, accountLog, service, db);
        if (accountLog.isEmpty()) {
            account.refresh();
        }
        this.replica = new Replica(db, Clock.systemUTC());
        ReentrantLock lock = new ReentrantLock();
        this.vault = new Vault(vaultId, lock, account, service, db, replica, keys, Clock.systemUTC());
        this.membership = new Membership(lock, account, vault, service, new LogWatchStore(db), keys, Clock.systemUTC());
        this.store = new LogStore(db);
    }

    /// An account with a vault, at the service.
    record Born(LogId account, LogId vault, DeviceKeys first, DeviceKeys paper) {}

    static Born birth(MemoryLogs service) throws CofferException {
        DeviceKeys first = DeviceKeys.generate(RandomSource.secure());
        DeviceKeys paper = DeviceKeys.generate(RandomSource.secure());
        Entry genesis = Enrolment.genesis(first, paper, "first", Clock.systemUTC());
        LogId account = new LogId(genesis.id().value());
        service.append(account, genesis);
        try (AccountLog log = new AccountLog(first)) {
            log.append(genesis);
            Entry vault = Enrolment.vaultGenesis(log.state(), first, "local", "Home", Clock.systemUTC());
            LogId vaultId = new LogId(vault.id().value());
            service.append(vaultId, vault);
            return new Born(account, vaultId, first, paper);
        }
    }

    /// Makes a folder, through the same loop as every other change.
    Head makeFolder(String name) throws CofferException {
        NodeId node = NodeId.of(RandomSource.secure().bytes(NodeId.SIZE));
        return vault.commit(() -> new VaultAccess.Plan(
                new CommitBody(
                        List.of(new Operation.Put(
                                node, NodeId.of(new byte[NodeId.SIZE]), name, 0, false, new Content.Folder())),
                        List.of(),
                        List.of()),
                List.of()));
    }

    List<String> names() throws CofferException {
        List<String> names = new ArrayList<>();
        replica.list(vault.id(), "/", true, device -> "device", node -> names.add(node.path()));
        return names;
    }

    @Override
    public void close() {
        membership.close();
        vault.close();
        accountLog.close();
        db.close();
    }
}
