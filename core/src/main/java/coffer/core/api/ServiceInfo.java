package coffer.core.api;

import java.util.List;

/// Answer of `GET /v1/service`: what anyone may know before signing in.
///
/// @param name    what the operator calls this service
/// @param version of the software
/// @param time    the service's clock, milliseconds since 1970 UTC
public record ServiceInfo(String name, String version, long time, ServiceLimits limits, List<RegionInfo> regions) {

    public ServiceInfo {
        regions = List.copyOf(regions);
    }
}
