package coffer.service;

import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.api.HeadInfo;
import coffer.core.api.VaultList;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Appending to logs and reading them.
final class LogApi {

    /// What is read from storage at a time while a page is sent.
    private static final int STEP_COUNT = 100;

    private static final long STEP_BYTES = 128 << 10;
    /// The genesis of an account with its two wraps needs less; nobody who has not signed in may send more.
    private static final int GENESIS_BYTES_MAX = 64 << 10;

    private final LogService logs;
    private final LogStorage storage;
    private final RateLimits beginnings;
    private final HttpKeys keys;
    private final DiskGuard disk;

    /// Names a request's origin for limits.
    @FunctionalInterface
    interface HttpKeys {
        Object addressKey(Exchange exchange);
    }

    LogApi(LogService logs, LogStorage storage, RateLimits beginnings, HttpKeys keys, DiskGuard disk) {
        this.logs = logs;
        this.storage = storage;
        this.beginnings = beginnings;
        this.keys = keys;
        this.disk = disk;
    }

    void append(Exchange exchange) throws Problem, IOException {
        LogId log = new LogId(exchange.id("log"));
        long sequence = sequence(exchange.parameter("sequence"));
        exchange.requireMediaType(Exchange.CBOR);
        var caller = exchange.perhapsCaller();
        disk.requireRoom();
        byte[] encoded = exchange.body(caller.isPresent() ? Limits.ENTRY_BYTES_MAX : GENESIS_BYTES_MAX);
        Entry entry = LogService.decode(log, sequence, encoded);
        if (caller.isEmpty()) {
            if (!LogService.beginsAccount(entry)) {
                throw Problem.of(ProblemType.NOT_SIGNED_IN);
            }
            if (!beginnings.tryTake(keys.addressKey(exchange))) {
                throw Problem.later(ProblemType.TOO_MANY_REQUESTS, beginnings.retryAfter());
            }
        }
        switch (logs.append(caller, log, entry, encoded)) {
            case LogService.Outcome.Appended _ -> exchange.sendJson(201, info(entry.head()));
            case LogService.Outcome.Conflict conflict -> exchange.sendJson(409, info(conflict.head()));
        }
    }

    void head(Exchange exchange) throws Problem, IOException {
        var info = logs.requireReadable(exchange.caller(), new LogId(exchange.id("log")));
        exchange.sendJson(200, info(info.head()));
    }

    void entries(Exchange exchange) throws Problem, StorageException, IOException {
        LogId log = new LogId(exchange.id("log"));
        long from = exchange.number("from", 0, 0, Long.MAX_VALUE);
        int limit = (int) exchange.number("limit", Limits.PAGE_ENTRIES_MAX, 1, Limits.PAGE_ENTRIES_MAX);
        boolean bodies = exchange.query("bodies").orElse("true").equals("true");
        logs.requireReadable(exchange.caller(), log);
        // Read before the answer begins, so that a failure can still be answered.
        List<StoredEntry> step = storage.page(log, from, Math.min(limit, STEP_COUNT), STEP_BYTES, bodies);
        try (OutputStream out = exchange.open(200, "application/cbor-seq")) {
            long bytes = 0;
            while (!step.isEmpty()) {
                for (StoredEntry entry : step) {
                    byte[] encoded = entry.join();
                    bytes += encoded.length;
                    if (bytes > Limits.PAGE_BYTES_MAX && bytes > encoded.length) {
                        return;
                    }
                    out.write(encoded);
                }
                from += step.size();
                limit -= step.size();
                step = limit == 0
                        ? List.of()
                        : storage.page(log, from, Math.min(limit, STEP_COUNT), STEP_BYTES, bodies);
            }
        }
    }

    void vaults(Exchange exchange) throws Problem, StorageException, IOException {
        List<LogId> vaults = storage.vaultsOf(exchange.caller().account());
        exchange.sendJson(200, new VaultList(vaults.stream().map(LogId::hex).toList()));
    }

    static HeadInfo info(Head head) {
        return new HeadInfo(head.sequence(), head.id().hex());
    }

    private static long sequence(String text) throws Problem {
        if (!text.matches("0|[1-9][0-9]{0,17}")) {
            throw Problem.of(ProblemType.NOT_FOUND);
        }
        return Long.parseLong(text);
    }
}
