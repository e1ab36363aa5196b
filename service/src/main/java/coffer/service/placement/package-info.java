/// Which providers get and keep the copies of a pack: pure functions of values (docs/spec/placement.md).
@org.jspecify.annotations.NullMarked
package coffer.service.placement;
