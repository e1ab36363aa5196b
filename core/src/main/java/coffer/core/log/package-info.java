/// The account log and the vault log: entries, and the rules by which anyone verifies a chain of them.
///
/// An [Entry] is decoded strictly, then offered to [AccountState#apply] or [VaultState#apply], pure functions from
/// the state before to the state after. Device and service run the same code; a device never relies on the service
/// having done so. The format is docs/spec/log.md.
@NullMarked
package coffer.core.log;

import org.jspecify.annotations.NullMarked;
