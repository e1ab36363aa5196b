package coffer.service;

import coffer.core.DeviceId;
import coffer.core.LogId;

/// Who a valid token says is asking.
///
/// @param expires when the token ends, milliseconds since 1970
record Caller(LogId account, DeviceId device, long expires) {}
