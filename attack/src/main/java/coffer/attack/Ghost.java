package coffer.attack;

import coffer.core.Bytes;
import coffer.core.LogId;
import coffer.core.log.AuthorAccount;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.Role;
import coffer.core.log.Wrap;
import coffer.seal.DeviceKeys;
import coffer.seal.RandomSource;
import java.util.List;

/// A device that the service made up: its keys are good, and nobody has let it in.
final class Ghost implements AutoCloseable {

    private final DeviceKeys keys = DeviceKeys.generate(RandomSource.secure());

    DeviceKeys keys() {
        return keys;
    }

    /// An entry by which it lets itself in.
    Entry addsItself(LogId account, List<Entry> log) throws Exception {
        Wrap wrap = new Wrap(keys.record().id(), Bytes.of(new byte[Wrap.WRAPPED_SIZE]));
        long generation = log.getLast().header().period();
        return Insider.signAs(
                keys, account, log.getLast().head(), null, generation, List.of(), List.of(),
                new Control.DeviceAdded(keys.record(), Role.FULL, wrap), _ -> new byte[100]);
    }

    /// A commit, as of a head of the account's log.
    Entry commits(LogId vault, List<Entry> log, LogId account, Head accountHead) throws Exception {
        return Insider.signAs(
                keys, vault, log.getLast().head(), new AuthorAccount(account, accountHead), log.getLast().header().period(),
                List.of(), List.of(), new Control.Commit(), _ -> new byte[100]);
    }

    @Override
    public void close() {
        keys.close();
    }
}
