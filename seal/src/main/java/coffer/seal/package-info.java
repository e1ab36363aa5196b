/// What only devices may know: keys, sealing, wrapping, recovery, and the formats of what is sealed: chunks, packs,
/// bodies of log entries, and snapshots.
///
/// The idea in five lines. A [coffer.seal.Secret] is 32 random bytes that zero themselves. Everything else is derived from one by a
/// [coffer.seal.Label], each of which has one use. Content is sealed by [coffer.seal.Sealing], which binds it to a label and to a
/// context that says where it belongs; it opens nowhere else. Secrets travel wrapped ([coffer.seal.Wrapping]) to the public key
/// of a device or an account. Whatever fails to open fails in one opaque way, [coffer.seal.OpenException].
///
///     try (Secret epoch = Secret.random(random);
///             VaultKeys keys = VaultKeys.of(epoch, 1)) {
///         byte[] sealed = keys.sealBody(header.sealContext(), commit.encode());
///         CommitBody same = CommitBody.decode(keys.openBody(header.sealContext(), sealed));
///     }
///
/// The formats are specified in docs/spec: keys.md, sealing.md, chunks-and-packs.md, bodies.md.
@NullMarked
package coffer.seal;

import org.jspecify.annotations.NullMarked;
