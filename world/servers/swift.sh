#!/usr/bin/env bash
# OpenStack Swift with its S3 API, one copy on three folders that stand for disks, on the loopback interface, for tests.
#
#   swift.sh install      takes the packages from Debian, if they are not there; needs root
#   swift.sh start DIR    makes it, or starts it again; when this returns, the proxy serves
#   swift.sh restart DIR  kills the proxy and starts it again
#   swift.sh stop DIR     stops everything; it can be started again
#   swift.sh destroy DIR  kills everything and removes DIR
#
#   SWIFT_PORTS           four free ports separated by spaces, for the first start: object, container, account, proxy
#                         (default 17600 17601 17602 17680)
#
# Exit status 69: the packages are not there, or cannot be had.
set -Eeuo pipefail

packages() {
    command -v swift-proxy-server && command -v swift-account-server && command -v swift-container-server &&
        command -v swift-object-server && command -v swift-ring-builder
} >/dev/null

install() {
    packages && return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "swift.sh: Swift is not installed, and this is not root on Debian" >&2
        exit 69
    fi
    export DEBIAN_FRONTEND=noninteractive
    wanted=(swift-proxy swift-account swift-container swift-object)
    apt-get install -q -y --no-install-recommends "${wanted[@]}" >&2 ||
        { apt-get update -q >&2 && apt-get install -q -y --no-install-recommends "${wanted[@]}" >&2; } ||
        { echo "swift.sh: the packages of Swift cannot be had" >&2; exit 69; }
}

# backend NAME PORT: configuration and ring of one kind of server.
backend() {
    cat >"$dir/etc/$1-server.conf" <<EOF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
user = $(id -un)
swift_dir = $dir/etc
devices = $dir/disks
mount_check = false
workers = 1
fallocate_reserve = 0
[pipeline:main]
pipeline = $1-server
[app:$1-server]
use = egg:swift#$1
replication_server = true
EOF
    (
        cd "$dir/etc"
        swift-ring-builder "$1.builder" create 6 1 1
        for disk in d1 d2 d3; do
            swift-ring-builder "$1.builder" add --region 1 --zone 1 --ip 127.0.0.1 --port "$2" --device $disk --weight 1
        done
        swift-ring-builder "$1.builder" rebalance
    ) >/dev/null
}

configure() {
    mkdir -p "$dir"/{etc,disks/d1,disks/d2,disks/d3,log,run}
    read -r object container account proxy <<<"${SWIFT_PORTS:-17600 17601 17602 17680}"
    cat >"$dir/etc/swift.conf" <<EOF
[swift-hash]
swift_hash_path_suffix = test
swift_hash_path_prefix = test
[storage-policy:0]
name = Policy-0
default = yes
EOF
    backend object "$object"
    backend container "$container"
    backend account "$account"
    {
        cat <<EOF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $proxy
user = $(id -un)
swift_dir = $dir/etc
workers = 1
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats bulk s3api tempauth copy slo dlo symlink versioned_writes proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:11211
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
allow_object_versioning = true
EOF
        for filter in catch_errors gatekeeper healthcheck listing_formats bulk copy slo dlo symlink; do
            printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$filter"
        done
    } >"$dir/etc/proxy-server.conf"
    echo "$proxy" >"$dir/etc/proxy-port"
}

start() {
    # Servers tell their reasons to their logs alone.
    trap 'tail -n 20 "$dir"/log/*.log >&2' ERR
    packages || { echo "swift.sh: Swift is not installed; 'swift.sh install' does it" >&2; exit 69; }
    [ -f "$dir/etc/proxy-port" ] || configure
    for name in account container object; do
        server $name
    done
    proxy
}

server() {
    nohup "swift-$1-server" "$dir/etc/$1-server.conf" >>"$dir/log/$1.log" 2>&1 </dev/null &
    echo $! >"$dir/run/$1.pid"
}

proxy() {
    server proxy
    port=$(cat "$dir/etc/proxy-port")
    for _ in $(seq 300); do
        if healthy; then
            return 0
        fi
        sleep 0.2
    done
    echo "swift.sh: the proxy did not come up; see $dir/log" >&2
    exit 1
}

healthy() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$port"
        printf 'GET /healthcheck HTTP/1.0\r\n\r\n' >&3
        head -n 1 <&3 | grep -q 200
    ) 2>/dev/null
}

# kill_one NAME SIGNAL: with the workers that it started.
kill_one() {
    [ -f "$dir/run/$1.pid" ] || return 0
    pid=$(cat "$dir/run/$1.pid")
    children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
    for each in $pid $children; do
        kill "-$2" "$each" 2>/dev/null || true
    done
    timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
    rm -f "$dir/run/$1.pid"
}

if [ "${1:-}" = install ] && [ $# = 1 ]; then
    install
    exit 0
fi
[ $# = 2 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 64; }
dir=$(realpath -m "$2")
case $1 in
start) start ;;
restart)
    kill_one proxy KILL
    proxy
    ;;
stop)
    for name in proxy object container account; do
        kill_one $name TERM
    done
    ;;
destroy)
    for name in proxy object container account; do
        kill_one $name KILL
    done
    rm -rf -- "$dir"
    ;;
*) exit 64 ;;
esac
