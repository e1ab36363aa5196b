/// Comparisons with other tools, and benchmarks of the service. Not shipped.
///
/// [Compare] runs Coffer and its peers round by round on the same data and writes what it measured to
/// `bench/target/results.json`; [Report] draws the tables of `docs/benchmarks.md` from there; [ServiceBench] and [FanOutBench]
/// load a service; [MailMaker] belongs to `bench/make-data.sh`.
@NullMarked
package coffer.bench;

import org.jspecify.annotations.NullMarked;
