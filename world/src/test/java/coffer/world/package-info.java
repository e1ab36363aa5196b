/// Tests of the whole system.
@NullMarked
package coffer.world;

import org.jspecify.annotations.NullMarked;
