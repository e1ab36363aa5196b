/// Looks at one picture after the other in a process of its own, which may be killed at any time: what others' files do to a decoder
/// happens there.
@NullMarked
package coffer.media.decode;

import org.jspecify.annotations.NullMarked;
