/// Where sealed objects lie: the contract of a store, its implementations, and the grants by which a device
/// transfers bytes to and from a store without the service in between.
///
/// A store is trusted with nothing. It keeps immutable objects that are named by the SHA-256 of their bytes, so any
/// reader can tell whether it got what was written, and nobody can tell what it means:
///
/// ```
/// try (var store = DirectoryStore.open(root, DirectoryStore.RESERVE_BYTES)) {
///     var name = ObjectName.of(packId);
///     store.put(name, packBytes);
///     byte[] same = store.read(name, Limits.PACK_BYTES_MAX);
/// }
/// ```
///
/// docs/spec/store.md has the rules; `ObjectStoreContract` in the test-jar runs them on every implementation.
@NullMarked
package coffer.store;

import org.jspecify.annotations.NullMarked;
