/// The service: it keeps accounts, ordered logs and the whereabouts of packs available, and is trusted for nothing else.
///
/// It verifies what devices append only to keep nonsense out; devices verify all of it again. It cannot see `seal`, so it
/// cannot open what it stores.
///
/// ```java
/// try (Service service = Service.start(ServiceConfig.of(Path.of("data")))) {
///     System.out.println(service.address());
/// }
/// ```
@NullMarked
package coffer.service;

import org.jspecify.annotations.NullMarked;
