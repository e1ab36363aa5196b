#!/bin/sh
# Runs Coffer and its peers on the same data and adds what they took to bench/target/results.json; see docs/benchmarks.md.
#
#   bench/compare.sh --data=DIR --work=DIR [--cells=…] [--contenders=…] [--rounds=N]
#   bench/compare.sh service DIR [ACCOUNTS…]      the service's own benchmark
#   bench/compare.sh sync DIR IDLE_SECONDS SET…    two devices that keep a folder the same, beside Syncthing
#   bench/compare.sh near-far DIR S3PROXY-CLASSPATH-FILE MEGABYTES     a provider far away, then one nearby
#   bench/compare.sh report                       writes the tables into docs/benchmarks.md
#
# Wants what `mvn -DskipTests package` leaves, a JDK 25 as `java` or in COFFER_JAVA_HOME, and peers from bench/peers.sh.
# Root may drop the page cache; for others every run is a warm one.

set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
java=${COFFER_JAVA_HOME:+$COFFER_JAVA_HOME/bin/}java
app=$root/cli/target/app
classes=$root/bench/target/classes:$root/core/target/test-classes
for jar in "$app"/*.jar; do
    classes=$classes:$jar
done
results=${COFFER_BENCH_RESULTS:-$root/bench/target/results.json}
quiet=-Djava.util.logging.config.file=$root/bench/logging.properties

run() {
    "$java" -Xmx512m --enable-native-access=ALL-UNNAMED "$quiet" -cp "$classes" "$@"
}

case ${1:-} in
    service)
        folder=$2
        shift 2
        run coffer.bench.ServiceBench "$folder" "$results" "$@"
        ;;
    sync)
        folder=$2
        idle=$3
        shift 3
        cache=${COFFER_BENCH_CACHE:-$root/bench/target/cache}
        run coffer.bench.SyncBench "$root" "$cache/peers" "$results" "$folder" "$idle" "$@"
        ;;
    near-far) run coffer.bench.NearFar "$2" "$results" "$3" "$4" ;;
    report) run coffer.bench.Report "$results" "$root/docs/benchmarks.md" ;;
    *)
        cache=${COFFER_BENCH_CACHE:-$root/bench/target/cache}
        run coffer.bench.Compare --checkout="$root" --out="$results" --peers="$cache/peers" "$@"
        ;;
esac
