package coffer.core.api;

import java.util.List;

/// Answer of `GET /v1/service`: what anyone may know before signing in.
///
/// @param name    what the operator calls this service
/// @param version of the software
/// @param time    the service's clock, milliseconds since 1970 UTC
/// @param log     the key of its transparency log, `name+id+key` as c2sp.org/signed-note writes it
public record ServiceInfo(
        String name, String version, long time, ServiceLimits limits, List<RegionInfo> regions, String log) {

    public ServiceInfo {
        regions = List.copyOf(regions);
    }
}
