/// Mail as it is: where messages lie in files of other programs, what their headers say, and how they go out again unchanged.
@NullMarked
package coffer.media.mail;

import org.jspecify.annotations.NullMarked;
