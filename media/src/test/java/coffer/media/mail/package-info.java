@NullMarked
package coffer.media.mail;

import org.jspecify.annotations.NullMarked;
