package coffer.service;

import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.api.CheckAnswer;
import coffer.core.api.CheckRequest;
import coffer.core.api.CopiesAnswer;
import coffer.core.api.DownloadAnswer;
import coffer.core.api.DownloadRequest;
import coffer.core.api.PackSize;
import coffer.core.api.UploadAnswer;
import coffer.core.api.UploadRequest;
import coffer.core.log.AccountState;
import coffer.core.log.MemberRole;
import coffer.core.log.PackRef;
import coffer.core.log.Role;
import coffer.core.log.VaultState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Grants for packs.
final class PackApi {

    /// Packs of one request: as many as one entry may add.
    static final int PACKS_MAX = Limits.PACKS_PER_ENTRY_MAX;

    private static final int BODY_MAX = 1 << 20;
    private static final int AVOID_MAX = 64;

    private final LogService logs;
    private final LogStates states;
    private final PackService packs;
    private final DiskGuard disk;

    PackApi(LogService logs, LogStates states, PackService packs, DiskGuard disk) {
        this.logs = logs;
        this.states = states;
        this.packs = packs;
        this.disk = disk;
    }

    void uploads(Exchange exchange) throws Problem, StorageException, IOException {
        UploadRequest request = exchange.json(UploadRequest.class, BODY_MAX);
        VaultState vault = requireVault(exchange, request.vault(), true);
        disk.requireRoom();
        if (request.avoid().size() > AVOID_MAX) {
            throw Problem.of(ProblemType.MALFORMED, "More origins are to be avoided than there can be.");
        }
        Set<String> avoid = Set.copyOf(request.avoid());
        exchange.sendJson(200, new UploadAnswer(packs.uploads(vault, sizes(request.packs()), avoid)));
    }

    void downloads(Exchange exchange) throws Problem, StorageException, IOException {
        DownloadRequest request = exchange.json(DownloadRequest.class, BODY_MAX);
        VaultState vault = requireVault(exchange, request.vault(), false);
        requireCount(request.packs().size());
        Set<PackId> ids = new HashSet<>();
        for (String id : request.packs()) {
            if (!ids.add(new PackId(Exchange.requireId(id)))) {
                throw Problem.of(ProblemType.MALFORMED, "A pack stands twice.");
            }
        }
        exchange.sendJson(200, new DownloadAnswer(packs.downloads(vault.id(), List.copyOf(ids))));
    }

    void check(Exchange exchange) throws Problem, StorageException, IOException {
        CheckRequest request = exchange.json(CheckRequest.class, BODY_MAX);
        VaultState vault = requireVault(exchange, request.vault(), false);
        List<PackId> present = packs.present(vault.id(), sizes(request.packs()));
        exchange.sendJson(200, new CheckAnswer(present.stream().map(PackId::hex).toList()));
    }

    void copies(Exchange exchange) throws Problem, StorageException, IOException {
        VaultState vault = requireVault(exchange, exchange.parameter("log"), false);
        exchange.sendJson(200, new CopiesAnswer(packs.copies(vault.id())));
    }

    /// The vault, if the caller is a device (the recovery key is not) that may read it, or write to it.
    private VaultState requireVault(Exchange exchange, String hex, boolean toWrite) throws Problem, StorageException {
        Caller caller = exchange.caller();
        VaultState vault = logs.requireVault(caller, new LogId(Exchange.requireId(hex)));
        AccountState account = states.latestAccount(caller.account()).orElseThrow(() -> Problem.of(ProblemType.NOT_SIGNED_IN));
        var device = account.activeDevice(caller.device()).orElseThrow(() -> Problem.of(ProblemType.NOT_ALLOWED));
        var member = vault.epoch().member(caller.account()).orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND));
        if (toWrite && (device.role() == Role.READ_ONLY || member.role() == MemberRole.READER)) {
            throw Problem.of(ProblemType.NOT_ALLOWED);
        }
        return vault;
    }

    private static List<PackRef> sizes(List<PackSize> packs) throws Problem {
        requireCount(packs.size());
        List<PackRef> refs = new ArrayList<>();
        Set<PackId> ids = new HashSet<>();
        for (PackSize pack : packs) {
            PackId id = new PackId(Exchange.requireId(pack.id()));
            if (pack.size() < 1 || pack.size() > Limits.PACK_BYTES_MAX) {
                throw Problem.of(ProblemType.TOO_LARGE, "A pack is larger than the limit, or empty.");
            }
            if (!ids.add(id)) {
                throw Problem.of(ProblemType.MALFORMED, "A pack stands twice.");
            }
            refs.add(new PackRef(id, pack.size()));
        }
        return refs;
    }

    private static void requireCount(int count) throws Problem {
        if (count < 1 || count > PACKS_MAX) {
            throw Problem.of(ProblemType.MALFORMED, "A request names between one pack and the limit.");
        }
    }
}
