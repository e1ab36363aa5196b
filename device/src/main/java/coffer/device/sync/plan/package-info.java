/// What a folder that is kept the same needs next: pure functions of three trees (docs/sync.md).
///
/// Nothing here reads a disk, a network, a database or a clock, or starts a thread; `ArchitectureTest` keeps it so.
@NullMarked
package coffer.device.sync.plan;

import org.jspecify.annotations.NullMarked;
