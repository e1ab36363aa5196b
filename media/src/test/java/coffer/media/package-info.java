@NullMarked
package coffer.media;

import org.jspecify.annotations.NullMarked;
