/// The evaluation of a storage provider: it is measured over any period, from minutes to months, and ends in a signed
/// report that says for each criterion whether it was met (docs/spec/evaluation.md).
///
/// ```
/// try (var evaluations = Evaluations.open(folder, signingKey, ended -> log(ended))) {
///     evaluations.start(subject, Criteria.DEFAULT, IsoPeriod.parse("P15M", Instant.now()));
///     evaluations.status("north-1").ifPresent(System.out::println);
/// }
/// ```
///
/// Measuring (`Runner`, `Round`, `Conformance`, `Load`) writes measurements to a file that only grows; judging (`Measurements`,
/// `Verdict`, `Findings`) is a pure function of that file, so that a report can be made again from it byte for byte.
@NullMarked
package coffer.service.evaluation;

import org.jspecify.annotations.NullMarked;
