/// What everybody may know: ids, canonical encoding, signatures, and the two logs with the rules by which
/// anyone, device or service, verifies them.
///
/// Nothing here opens sealed bytes; that is `seal`, which `service` and `store` cannot see.
@NullMarked
package coffer.core;

import org.jspecify.annotations.NullMarked;
