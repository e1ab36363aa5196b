/// The transparency log as anyone may verify it: a Merkle tree (RFC 6962) of the operator's statements, cut into tiles
/// and signed as checkpoints in the formats of C2SP (docs/spec/transparency.md).
///
/// Pure: nothing here reads or writes anything. Whoever has bytes decodes a [Checkpoint] with the log's [NoteVerifier],
/// hashes entries with [Frontier] or checks a proof with [Proofs], decodes each [Statement], and folds them into a
/// [ProviderDirectory].
@NullMarked
package coffer.core.tlog;

import org.jspecify.annotations.NullMarked;
