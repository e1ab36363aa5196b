/// The JSON bodies that devices and the service exchange (docs/spec/service-api.yaml): plain records, ids as lower-case
/// hex, byte strings as base64, times as milliseconds since 1970 UTC.
///
/// Nothing here is trusted: a device verifies logs and packs themselves, and a service checks every field.
@NullMarked
package coffer.core.api;

import org.jspecify.annotations.NullMarked;
