/// Mail and pictures: what brings them in and out unchanged, what is derived from them, and the index of this device.
@NullMarked
package coffer.media;

import org.jspecify.annotations.NullMarked;
