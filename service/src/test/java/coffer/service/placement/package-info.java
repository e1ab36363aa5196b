@org.jspecify.annotations.NullMarked
package coffer.service.placement;
