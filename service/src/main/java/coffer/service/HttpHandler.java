package coffer.service;

import coffer.core.Bytes;
import coffer.service.Route.Access;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the route of a request, checks in order of cost what must hold before it runs (rate, session, room), runs it, and
/// turns whatever it throws into an answer.
///
/// Log lines are `key=value` and name the route and the request's number: no ids, names, tokens, addresses or other input.
final class HttpHandler extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);
    /// Requests of one account, or of one address that has not signed in, at once.
    private static final int PER_CLIENT_MAX = 128;

    private static final int WAITING_MAX = 2_000;
    private static final int CLIENTS_KNOWN_MAX = 10_000;
    private static final String BEARER = "Bearer ";

    private final List<Route> routes;
    private final Authenticator authenticator;
    private final ServiceConfig config;
    private final Metrics metrics;
    private final RateLimits byAccount;
    private final RateLimits byAddress;
    private final Semaphore room;
    private final Semaphore transfers;
    private final Semaphore waiting;
    private final ConcurrentHashMap<Object, Semaphore> roomOf = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();

    /// Says whom a token names, if that device may still act.
    @FunctionalInterface
    interface Authenticator {
        Optional<Caller> authenticate(String token) throws StorageException;
    }

    HttpHandler(List<Route> routes, Authenticator authenticator, ServiceConfig config, Metrics metrics) {
        this.routes = List.copyOf(routes);
        this.authenticator = authenticator;
        this.config = config;
        this.metrics = metrics;
        this.byAccount = new RateLimits(config.accountRate(), 4.0 * config.accountRate(), System::nanoTime);
        this.byAddress = new RateLimits(config.addressRate(), 4.0 * config.addressRate(), System::nanoTime);
        this.room = new Semaphore(config.requestsMax());
        this.transfers = new Semaphore(config.requestsMax());
        this.waiting = new Semaphore(WAITING_MAX);
    }

    List<Route> routes() {
        return routes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        long start = System.nanoTime();
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        String[] template = {"unknown"};
        Exchange[] exchange = {new Exchange(request, response, callback, Map.of(), config.uploadFloor())};
        boolean failed = false;
        try {
            run(request, response, callback, exchange, template);
        } catch (Problem e) {
            failed = !answer(exchange[0], e);
        } catch (StorageException e) {
            failed = !answer(exchange[0], Problem.of(e));
        } catch (IOException e) {
            // The client went away or is too slow: there is nobody to answer.
            failed = !answer(exchange[0], Problem.of(ProblemType.TOO_SLOW));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed = !answer(exchange[0], Problem.of(ProblemType.UNAVAILABLE));
        } catch (RuntimeException e) {
            metrics.count("coffer_bugs_total");
            LOG.error("event=bug route={} request={}", template[0], number.get(), e);
            failed = !answer(exchange[0], Problem.of(ProblemType.INTERNAL));
        }
        long nanos = System.nanoTime() - start;
        metrics.answered(template[0], response.getStatus(), nanos);
        log(template[0], response.getStatus(), nanos);
        if (failed) {
            callback.failed(new IOException("the answer was cut"));
        } else if (!exchange[0].isDetached()) {
            callback.succeeded();
        }
        return true;
    }

    private void log(String route, int status, long nanos) {
        long request = number.incrementAndGet();
        long micros = nanos / 1_000;
        if (status >= 500) {
            LOG.warn("event=request request={} route={} status={} micros={}", request, route, status, micros);
        } else {
            LOG.debug("event=request request={} route={} status={} micros={}", request, route, status, micros);
        }
    }

    private void run(
            Request request, Response response, Callback callback, Exchange[] exchange, String[] template)
            throws Problem, StorageException, IOException, InterruptedException {
        // The path as it was written: an encoded slash or dot is no part of any path here.
        List<String> segments = Arrays.asList(request.getHttpURI().getPath().split("/", -1));
        List<String> allowed = new ArrayList<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(segments);
            if (parameters.isPresent()) {
                allowed.add(route.method());
                if (route.method().equals(request.getMethod())) {
                    template[0] = route.template();
                    exchange[0] = new Exchange(request, response, callback, parameters.get(), config.uploadFloor());
                    run(route, exchange[0]);
                    return;
                }
            }
        }
        requireRate(byAddress, addressKey(exchange[0]));
        if (!allowed.isEmpty()) {
            response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", allowed));
            throw Problem.of(ProblemType.METHOD_NOT_ALLOWED);
        }
        throw Problem.of(ProblemType.NOT_FOUND);
    }

    private void run(Route route, Exchange exchange)
            throws Problem, StorageException, IOException, InterruptedException {
        if (route.access() == Access.OPERATOR) {
            route.action().run(exchange);
            return;
        }
        Optional<Caller> caller = caller(route, exchange);
        Object key = addressKey(exchange);
        if (caller.isPresent()) {
            exchange.signedInAs(caller.get());
            key = caller.get().account();
            requireRate(byAccount, key);
        } else if (route.access() != Access.GRANT) {
            requireRate(byAddress, key);
        }
        Semaphore mine = roomOf.computeIfAbsent(key, absent -> new Semaphore(PER_CLIENT_MAX));
        try (Room _ = Room.take(mine);
                Room _ = Room.take(room(route))) {
            route.action().run(exchange);
        } finally {
            forgetIdle();
        }
    }

    private Semaphore room(Route route) {
        return switch (route.access()) {
            case GRANT -> transfers;
            case WAITING -> waiting;
            case OPEN, SESSION, PERHAPS_SESSION, OPERATOR -> room;
        };
    }

    /// Room for one request, given back by closing.
    private record Room(Semaphore semaphore) implements AutoCloseable {
        static Room take(Semaphore semaphore) throws Problem {
            if (!semaphore.tryAcquire()) {
                throw Problem.later(ProblemType.TOO_MANY_REQUESTS, Duration.ofSeconds(1));
            }
            return new Room(semaphore);
        }

        @Override
        public void close() {
            semaphore.release();
        }
    }

    private Optional<Caller> caller(Route route, Exchange exchange) throws Problem, StorageException {
        Optional<String> header = exchange.header(HttpHeader.AUTHORIZATION);
        boolean wanted = route.access() == Access.SESSION;
        if (!wanted && (route.access() != Access.PERHAPS_SESSION || header.isEmpty())) {
            return Optional.empty();
        }
        String value = header.orElse("");
        Optional<Caller> caller = value.startsWith(BEARER)
                ? authenticator.authenticate(value.substring(BEARER.length()))
                : Optional.empty();
        if (caller.isEmpty()) {
            requireRate(byAddress, addressKey(exchange));
            exchange.setHeader(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            throw Problem.of(ProblemType.NOT_SIGNED_IN);
        }
        return caller;
    }

    private static void requireRate(RateLimits limits, Object key) throws Problem {
        if (!limits.tryTake(key)) {
            throw Problem.later(ProblemType.TOO_MANY_REQUESTS, limits.retryAfter());
        }
    }

    /// Semaphores of clients that do nothing now are as good as new ones.
    private void forgetIdle() {
        if (roomOf.size() > CLIENTS_KNOWN_MAX) {
            roomOf.values().removeIf(semaphore -> semaphore.availablePermits() == PER_CLIENT_MAX);
        }
    }

    /// By what an address is limited: itself, or the /64 network that one IPv6 subscriber gets.
    Object addressKey(Exchange exchange) {
        InetAddress address = exchange.peer();
        if (config.behindProxy()) {
            address = forwarded(exchange).orElse(address);
        }
        if (address == null) {
            return "unknown";
        }
        byte[] bytes = address.getAddress();
        return Bytes.of(bytes, 0, address instanceof Inet6Address ? 8 : bytes.length);
    }

    private static Optional<InetAddress> forwarded(Exchange exchange) {
        String[] hops = exchange.header(HttpHeader.X_FORWARDED_FOR).orElse("").split(",", -1);
        String last = hops[hops.length - 1].strip();
        try {
            return Optional.of(InetAddress.ofLiteral(last));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Sends the problem; false if an answer has begun already, so that all that is left is to cut it.
    private boolean answer(Exchange exchange, Problem problem) {
        metrics.add("coffer_problems_total", "type=\"" + problem.type().slug() + "\"", 1);
        if (exchange.isCommitted()) {
            return false;
        }
        problem.retryAfter()
                .ifPresent(after -> exchange.setHeader(
                        HttpHeader.RETRY_AFTER, Long.toString(Math.max(1, after.toSeconds()))));
        try {
            exchange.leaveBody();
            exchange.send(problem.type().status(), "application/problem+json", Json.write(problem.info()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
