@NullMarked
package coffer.world;

import org.jspecify.annotations.NullMarked;
