#!/usr/bin/env bash
# A Ceph cluster with one monitor, one or more OSDs and one RADOS Gateway, in a folder, on the loopback interface, for tests.
#
#   ceph.sh install      takes the packages from Debian, if they are not there; needs root
#   ceph.sh start DIR    makes the cluster, or starts it again; when this returns, the gateway serves
#   ceph.sh restart DIR  kills the gateway and starts it again
#   ceph.sh stop DIR     stops everything; it can be started again
#   ceph.sh destroy DIR  kills everything and removes DIR
#
#   CEPH_MON_PORT, CEPH_RGW_PORT  free ports, for the first start (default 16789, 17480)
#   CEPH_OSDS                     object stores and copies of each object (default 1)
#
# Exit status 69: the packages are not there, or cannot be had. DIR must not lie on tmpfs, and its path must be short.
set -Eeuo pipefail

access=TESTACCESSKEY000001
secret=testsecretkey0000000000000000000000000001

packages() {
    command -v ceph-mon && command -v ceph-osd && command -v radosgw && command -v radosgw-admin && command -v ceph
} >/dev/null

install() {
    packages && return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "ceph.sh: Ceph is not installed, and this is not root on Debian" >&2
        exit 69
    fi
    export DEBIAN_FRONTEND=noninteractive
    wanted=(ceph-mon ceph-osd radosgw ceph-common)
    apt-get install -q -y --no-install-recommends "${wanted[@]}" >&2 ||
        { apt-get update -q >&2 && apt-get install -q -y --no-install-recommends "${wanted[@]}" >&2; } ||
        { echo "ceph.sh: the packages of Ceph cannot be had" >&2; exit 69; }
}

configure() {
    fsid=$(cat /proc/sys/kernel/random/uuid)
    mkdir -p "$dir"/{mon,run,log,rgw}
    : >"$dir/keyring"
    monitor=v1:127.0.0.1:${CEPH_MON_PORT:-16789}
    cat >"$conf" <<EOF
[global]
fsid = $fsid
mon host = [$monitor]
mon initial members = a
public network = 127.0.0.0/8
auth cluster required = none
auth service required = none
auth client required = none
ms bind msgr2 = false
run dir = $dir/run
admin socket = $dir/run/\$name.\$pid.asok
pid file = $dir/run/\$name.pid
log file = $dir/log/\$name.log
crash dir = $dir/log
keyring = $dir/keyring
osd pool default size = $osds
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 1
[mon.a]
mon data = $dir/mon
host = localhost
public addr = $monitor
[osd]
osd objectstore = bluestore
osd data = $dir/osd.\$id
bluestore block create = true
bluestore block size = 10737418240
osd memory target = 939524096
osd class load list = *
osd class default list = *
# An OSD that sets its own place at its start sometimes asks before it knows the monitors, and dies.
osd crush update on start = false
osd class update on start = false
[client.rgw.a]
# Without tcp_nodelay every small read waits 40 ms.
rgw frontends = beast endpoint=127.0.0.1:${CEPH_RGW_PORT:-17480} tcp_nodelay=1
rgw data = $dir/rgw
rgw thread pool size = 64
rgw dynamic resharding = false
EOF
    monmaptool --create --fsid "$fsid" --addv a "[$monitor]" "$dir/monmap" >/dev/null
    ceph-mon --mkfs -i a --monmap "$dir/monmap" -c "$conf"
}

start() {
    # Daemons tell their reasons to their logs alone.
    trap 'tail -n 20 "$dir"/log/*.log >&2' ERR
    packages || { echo "ceph.sh: Ceph is not installed; 'ceph.sh install' does it" >&2; exit 69; }
    mkdir -p "$dir"
    osds=${CEPH_OSDS:-1}
    [ -f "$conf" ] || configure
    osds=$(sed -n 's/^osd pool default size = //p' "$conf")
    ceph-mon -i a -c "$conf"
    ceph -c "$conf" --connect-timeout 60 mon stat >/dev/null
    for id in $(seq 0 $((osds - 1))); do
        if [ ! -d "$dir/osd.$id" ]; then
            uuid=$(cat /proc/sys/kernel/random/uuid)
            mkdir "$dir/osd.$id"
            ceph -c "$conf" osd new "$uuid" "$id" >/dev/null
            ceph -c "$conf" osd crush add "osd.$id" 1 host=localhost root=default 2>>"$dir/log/mkfs.log"
            ceph-osd -i "$id" -c "$conf" --mkfs --osd-uuid "$uuid" >/dev/null 2>>"$dir/log/mkfs.log"
        fi
        ceph-osd -i "$id" -c "$conf" >/dev/null
    done
    await "$osds OSDs up" osds_up
    gateway
    admin=(radosgw-admin -n client.rgw.a -c "$conf")
    "${admin[@]}" user info --uid=test >/dev/null 2>&1 ||
        "${admin[@]}" user create --uid=test --display-name=test --access-key="$access" --secret="$secret" >/dev/null
}

osds_up() {
    ceph -c "$conf" osd stat | grep -q " $osds up"
}

gateway() {
    radosgw -n client.rgw.a -c "$conf"
    port=$(sed -n 's/.*endpoint=127.0.0.1:\([0-9]*\).*/\1/p' "$conf")
    await "the gateway" listens
}

listens() {
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

# await WHAT COMMAND: waits until the command succeeds, a minute at most.
await() {
    for _ in $(seq 300); do
        if "$2"; then
            return 0
        fi
        sleep 0.2
    done
    echo "ceph.sh: $1 did not come up; see $dir/log" >&2
    exit 1
}

# kill_one NAME SIGNAL
kill_one() {
    [ -f "$dir/run/$1.pid" ] || return 0
    pid=$(tr -d '\0' <"$dir/run/$1.pid")
    kill "-$2" "$pid" 2>/dev/null || true
    # Not longer than the shutdown of an OSD takes.
    timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
    rm -f "$dir/run/$1.pid"
}

stop() {
    [ -f "$conf" ] || return 0
    kill_one client.rgw.a TERM
    for folder in "$dir"/osd.*; do
        kill_one "$(basename "$folder")" TERM
    done
    kill_one mon.a TERM
}

if [ "${1:-}" = install ] && [ $# = 1 ]; then
    install
    exit 0
fi
[ $# = 2 ] || { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 64; }
dir=$(realpath -m "$2")
conf=$dir/ceph.conf
case $1 in
start) start ;;
restart)
    kill_one client.rgw.a KILL
    gateway
    ;;
stop) stop ;;
destroy)
    for file in "$dir"/run/*.pid; do
        [ ! -e "$file" ] || kill_one "$(basename "$file" .pid)" KILL
    done
    rm -rf -- "$dir"
    ;;
*) exit 64 ;;
esac
