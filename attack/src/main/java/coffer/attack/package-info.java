/// Attacks on the running system, as programs that anybody can run against the build in their hands.
///
/// Each attack is a method with [Tries] on it: the entry of the catalogue, a sentence of what it tries, and what must hold. It gets a
/// [World]: the real service in process behind a [Front] that lies as told, devices of one account, somebody else's device, and
/// [Insider]s, who hold valid keys. After each attack [Rig] checks what must hold after every one: nothing is lost, nothing is said,
/// nothing is written outside, work is bounded, the alarm is seen and stays, and others go on.
///
/// ```
/// @Tries(entry = "A20", what = "The service shows the vault as it was three entries ago.", holds = ErrorCode.ROLLBACK)
/// static void anOlderVault(World world) throws Exception {
///     List<Entry> old = world.insider(world.one).entries(world.vault());
///     world.put(world.one, "later.txt");
///     world.front.shows(world.one, world.vault(), old);
///     world.refused(() -> world.one.device().refresh());
/// }
/// ```
@NullMarked
package coffer.attack;

import org.jspecify.annotations.NullMarked;
