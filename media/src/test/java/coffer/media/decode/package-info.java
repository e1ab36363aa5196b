@NullMarked
package coffer.media.decode;

import org.jspecify.annotations.NullMarked;
