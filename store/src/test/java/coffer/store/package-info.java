@NullMarked
package coffer.store;

import org.jspecify.annotations.NullMarked;
