@NullMarked
package coffer.seal;

import org.jspecify.annotations.NullMarked;
