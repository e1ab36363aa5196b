@NullMarked
package coffer.device;

import org.jspecify.annotations.NullMarked;
