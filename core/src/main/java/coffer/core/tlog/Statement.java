package coffer.core.tlog;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.log.Head;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// One entry of the transparency log: what the operator says happened, for everybody to read (docs/spec/transparency.md,
/// "Statements"). Deterministic CBOR, decoded strictly.
///
/// Times are the operator's claim, in milliseconds since 1970 UTC.
public sealed interface Statement {

    /// Well below what a bundle can hold, and more than any statement needs.
    int BYTES_MAX = 8 << 10;

    int TEXT_BYTES_MAX = 255;

    int WORDS_BYTES_MAX = 2_000;

    int ORIGINS_MAX = 16;

    int SHARE_MAX = 1_000;

    int WEIGHT_MAX = 1_000_000;

    /// Of a provider of which nothing else is known.
    int WEIGHT_USUAL = 1_000;

    int COPIES_MAX = 16;

    /// The first item of the encoding.
    int kind();

    /// A region in which people may keep their bytes.
    ///
    /// @param jurisdiction whose law applies there, in words
    record RegionAdded(long time, String id, String name, String jurisdiction) implements Statement {
        public RegionAdded {
            StatementRules.time(time);
            StatementRules.id(id);
            StatementRules.text(name, TEXT_BYTES_MAX);
            StatementRules.text(jurisdiction, TEXT_BYTES_MAX);
        }

        @Override
        public int kind() {
            return 1;
        }
    }

    /// A provider, or anew with another owner or other origins; a new one is a candidate.
    ///
    /// @param owner   legal owner, in words
    /// @param origins `scheme://host[:port]` from which its packs are written and read, ascending
    /// @param weight  how much of its region's packs it gets beside others, in proportion
    record ProviderStated(long time, String id, String owner, String region, List<String> origins, int weight)
            implements Statement {
        public ProviderStated {
            StatementRules.time(time);
            StatementRules.id(id);
            StatementRules.text(owner, TEXT_BYTES_MAX);
            StatementRules.id(region);
            origins = List.copyOf(origins);
            StatementRules.origins(origins);
            StatementRules.require(weight >= 1 && weight <= WEIGHT_MAX);
        }

        @Override
        public int kind() {
            return 2;
        }
    }

    /// A provider comes into a state.
    ///
    /// @param share  of its region's new packs in per-mille: 1 to 1,000 if active, otherwise 0
    /// @param reason in words
    /// @param report SHA-256 of the evaluation report that led to it
    record ProviderStateChanged(
            long time, String provider, ProviderState state, int share, String reason, Optional<Hash> report)
            implements Statement {
        public ProviderStateChanged {
            StatementRules.time(time);
            StatementRules.id(provider);
            StatementRules.text(reason, WORDS_BYTES_MAX);
            boolean active = state == ProviderState.ACTIVE;
            StatementRules.require(active ? share >= 1 && share <= SHARE_MAX : share == 0);
        }

        @Override
        public int kind() {
            return 3;
        }
    }

    /// An evaluation ended with this report.
    record EvaluationReported(long time, String provider, Hash report, boolean passed) implements Statement {
        public EvaluationReported {
            StatementRules.time(time);
            StatementRules.id(provider);
        }

        @Override
        public int kind() {
            return 4;
        }
    }

    /// How packs of a region are placed from now on.
    ///
    /// @param copies with as many distinct owners
    record PlacementStated(long time, String region, int copies) implements Statement {
        public PlacementStated {
            StatementRules.time(time);
            StatementRules.id(region);
            StatementRules.require(copies >= 1 && copies <= COPIES_MAX);
        }

        @Override
        public int kind() {
            return 5;
        }
    }

    /// The operator did something else that people should be able to know of.
    ///
    /// @param action a word for the kind of action, like an id
    /// @param words  what was done, without names, addresses or ids of people
    record OperatorAction(long time, String action, String words) implements Statement {
        public OperatorAction {
            StatementRules.time(time);
            StatementRules.id(action);
            StatementRules.text(words, WORDS_BYTES_MAX);
        }

        @Override
        public int kind() {
            return 6;
        }
    }

    /// Some account's log has an entry at some sequence. Only who knows the account's id can find it, and only who also
    /// knows the entry can check it; to everybody else both hashes are noise. It bears no time.
    record AccountHead(Hash place, Hash head) implements Statement {

        private static final String PLACE_LABEL = "coffer/tlog/account-place/v1";
        private static final String HEAD_LABEL = "coffer/tlog/account-head/v1";

        public static AccountHead of(LogId account, Head head) {
            return new AccountHead(place(account, head.sequence()), head(account, head));
        }

        /// Where the entry of this sequence is found.
        public static Hash place(LogId account, long sequence) {
            return labelled(PLACE_LABEL, new CborWriter().array(2).bytes(account.value()).integer(sequence));
        }

        private static Hash head(LogId account, Head head) {
            CborWriter out = new CborWriter().array(2).bytes(account.value());
            head.writeTo(out);
            return labelled(HEAD_LABEL, out);
        }

        private static Hash labelled(String label, CborWriter data) {
            var digest = Hash.digest();
            digest.update(label.getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) 0);
            return new Hash(Bytes.of(digest.digest(data.toByteArray())));
        }

        @Override
        public int kind() {
            return 7;
        }
    }

    default byte[] encode() {
        CborWriter out = new CborWriter();
        switch (this) {
            case RegionAdded(long time, String id, String name, String jurisdiction) ->
                out.array(5).integer(kind()).integer(time).text(id).text(name).text(jurisdiction);
            case ProviderStated stated -> {
                out.array(7).integer(kind()).integer(stated.time()).text(stated.id()).text(stated.owner());
                out.text(stated.region()).array(stated.origins().size());
                stated.origins().forEach(out::text);
                out.integer(stated.weight());
            }
            case ProviderStateChanged change -> {
                out.array(7).integer(kind()).integer(change.time()).text(change.provider());
                out.integer(change.state().code()).integer(change.share()).text(change.reason());
                change.report().ifPresentOrElse(report -> out.bytes(report.value()), out::nil);
            }
            case EvaluationReported(long time, String provider, Hash report, boolean passed) ->
                out.array(5).integer(kind()).integer(time).text(provider).bytes(report.value()).bool(passed);
            case PlacementStated(long time, String region, int copies) ->
                out.array(4).integer(kind()).integer(time).text(region).integer(copies);
            case OperatorAction(long time, String action, String words) ->
                out.array(4).integer(kind()).integer(time).text(action).text(words);
            case AccountHead(Hash place, Hash head) ->
                out.array(3).integer(kind()).bytes(place.value()).bytes(head.value());
        }
        return out.toByteArray();
    }

    /// @throws UnknownStatementException a kind of a later version
    static Statement decode(byte[] encoded) throws CborException {
        if (encoded.length > BYTES_MAX) {
            throw new CborException("too long");
        }
        CborReader in = new CborReader(encoded);
        int size = in.array(8);
        long kind = in.integer(0, Long.MAX_VALUE);
        try {
            Statement statement = StatementRules.read(in, kind, size);
            in.end();
            return statement;
        } catch (IllegalArgumentException e) {
            throw new CborException("a statement with a field outside its range");
        }
    }

    /// Statements of later versions: not malformed, but not to be read either.
    final class UnknownStatementException extends CborException {
        public UnknownStatementException() {
            super("unknown kind of statement");
        }
    }
}
