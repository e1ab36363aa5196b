package coffer.service;

import coffer.service.Route.Access;
import java.util.List;

/// Every route of the service; docs/spec/service-api.yaml describes the same set.
final class Routes {

    private Routes() {}

    static List<Route> of(
            OperatorApi operator,
            SessionApi sessions,
            LogApi logs,
            PackApi packs,
            BlobApi blobs,
            MailboxApi mailboxes,
            EventApi events,
            TlogApi transparency) {
        return List.of(
                new Route("GET", "/v1/service", Access.OPEN, operator::info),
                new Route("POST", "/v1/sessions/challenge", Access.OPEN, sessions::challenge),
                new Route("POST", "/v1/sessions", Access.OPEN, sessions::open),
                new Route("POST", "/v1/accounts/find", Access.OPEN, sessions::find),
                new Route("PUT", "/v1/logs/{log}/entries/{sequence}", Access.PERHAPS_SESSION, logs::append),
                new Route("GET", "/v1/logs/{log}/entries", Access.SESSION, logs::entries),
                new Route("GET", "/v1/logs/{log}/head", Access.SESSION, logs::head),
                new Route("GET", "/v1/vaults", Access.SESSION, logs::vaults),
                new Route("POST", "/v1/packs/uploads", Access.SESSION, packs::uploads),
                new Route("POST", "/v1/packs/downloads", Access.SESSION, packs::downloads),
                new Route("POST", "/v1/packs/check", Access.SESSION, packs::check),
                new Route("GET", "/v1/logs/{log}/copies", Access.SESSION, packs::copies),
                new Route("PUT", "/v1/blobs/{name}", Access.GRANT, blobs::put),
                new Route("GET", "/v1/blobs/{name}", Access.GRANT, blobs::get),
                new Route("HEAD", "/v1/blobs/{name}", Access.GRANT, blobs::get),
                new Route("GET", "/v1/events", Access.SESSION, events::listen),
                new Route("PUT", "/v1/mailboxes/{mailbox}/{slot}", Access.OPEN, mailboxes::put),
                new Route("GET", "/v1/mailboxes/{mailbox}/{slot}", Access.WAITING, mailboxes::take),
                new Route("GET", "/tlog/checkpoint", Access.OPEN, transparency::checkpoint),
                new Route("GET", "/tlog/tile/{tile}", Access.OPEN, transparency::tile, true),
                new Route("GET", "/healthz", Access.OPERATOR, operator::health),
                new Route("GET", "/readyz", Access.OPERATOR, operator::ready),
                new Route("GET", "/metrics", Access.OPERATOR, operator::metrics));
    }
}
