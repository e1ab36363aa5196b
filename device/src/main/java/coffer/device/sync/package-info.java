/// Keeps a local folder and a folder of a vault the same (docs/sync.md).
///
/// What to do is decided in [coffer.device.sync.plan], from values alone. [coffer.device.sync.SyncEngine] is the one
/// control thread; disk, network, database and time are behind the ports [coffer.device.sync.LocalFolder],
/// [coffer.device.sync.RemoteVault], [coffer.device.sync.SyncStore], [coffer.device.sync.Workers] and
/// [coffer.device.sync.SyncTime].
@NullMarked
package coffer.device.sync;

import org.jspecify.annotations.NullMarked;
