package coffer.service;

import coffer.core.Bytes;
import java.io.IOException;
import java.time.Duration;

/// The pairing mailboxes.
final class MailboxApi {

    static final int WAIT_SECONDS_MAX = 25;

    private final Mailboxes mailboxes;

    MailboxApi(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    void put(Exchange exchange) throws Problem, IOException {
        Bytes id = exchange.id("mailbox");
        int slot = slot(exchange);
        exchange.requireMediaType(Exchange.BYTES);
        Bytes letter = Bytes.of(exchange.body(Mailboxes.LETTER_BYTES_MAX));
        switch (mailboxes.put(id, slot, letter)) {
            case STORED -> exchange.sendNothing(204);
            case WRITTEN_BEFORE -> throw Problem.of(ProblemType.ALREADY_WRITTEN);
            case NO_ROOM -> throw Problem.later(ProblemType.UNAVAILABLE, Duration.ofSeconds(5));
        }
    }

    void take(Exchange exchange) throws Problem, IOException, InterruptedException {
        Bytes id = exchange.id("mailbox");
        int slot = slot(exchange);
        Duration wait = Duration.ofSeconds(exchange.number("wait", 0, 0, WAIT_SECONDS_MAX));
        Bytes letter = mailboxes.take(id, slot, wait).orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND));
        exchange.send(200, Exchange.BYTES, letter.toArray());
    }

    private static int slot(Exchange exchange) throws Problem {
        String text = exchange.parameter("slot");
        if (!text.matches("[0-3]")) {
            throw Problem.of(ProblemType.NOT_FOUND);
        }
        return Integer.parseInt(text);
    }
}
