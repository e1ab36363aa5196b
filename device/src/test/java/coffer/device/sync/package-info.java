@NullMarked
package coffer.device.sync;

import org.jspecify.annotations.NullMarked;
