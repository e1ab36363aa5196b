# Sourced by peers.sh and make-data.sh: takes packages of any Debian suite without touching the system's own apt.
#
# The mirror is the one this machine already uses; lists and packages lie in the cache folder, and the signature of the
# suite is checked with the keys the system trusts.
#
#   COFFER_BENCH_CACHE   where downloads and unpacked peers lie (default bench/target/cache)

bench=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cache=${COFFER_BENCH_CACHE:-$bench/target/cache}

# The mirror of the distribution itself: the first Debian source that is not its security archive.
apt_mirror() {
    apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        while read -r origin label uri; do
            if [ "$origin" = Debian ] && [ "$label" = Debian ]; then
                echo "$uri"
                break
            fi
        done
}

# apt_in SUITE PROGRAM ARGUMENT...: runs apt-get or apt-cache against that suite alone, as if nothing were installed.
apt_in() {
    suite=$1
    program=$2
    shift 2
    "$program" -o Dir::State="$cache/apt/$suite" -o Dir::State::status="$cache/apt/$suite/status" \
        -o Dir::Cache="$cache/apt/$suite" -o Dir::Etc::sourcelist="$cache/apt/$suite/sources.list" \
        -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Acquire::Languages=none \
        -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o APT::Keep-Downloaded-Packages=true \
        -o Dir::Cache::archives="$cache/apt/$suite/archives" "$@"
}

# apt_suite SUITE: makes the suite ready, fetching its lists once.
apt_suite() {
    folder=$cache/apt/$1
    [ -f "$folder/ready" ] && return 0
    mkdir -p "$folder/lists/partial" "$folder/archives/partial"
    : >"$folder/status"
    mirror=$(apt_mirror)
    if [ -z "$mirror" ]; then
        echo "bench: apt knows no Debian mirror here; run this on Debian with package lists fetched" >&2
        exit 69
    fi
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    {
        echo "deb [signed-by=$keys] $mirror $1 main"
        echo "deb-src [signed-by=$keys] $mirror $1 main"
    } >"$folder/sources.list"
    apt_in "$1" apt-get -q update >&2
    : >"$folder/ready"
}

# apt_fetch SUITE FOLDER PACKAGE...: downloads packages, without what they depend on, and unpacks them into FOLDER.
apt_fetch() {
    fetch_suite=$1
    fetch_into=$2
    shift 2
    apt_suite "$fetch_suite"
    mkdir -p "$cache/deb/$fetch_suite" "$fetch_into"
    for package in "$@"; do
        [ -f "$fetch_into/.$package" ] && continue
        found=$(find "$cache/deb/$fetch_suite" -name "${package}_*.deb" | sort | tail -n 1)
        if [ -z "$found" ]; then
            (cd "$cache/deb/$fetch_suite" && apt_in "$fetch_suite" apt-get -q download "$package" >&2) || return 1
            found=$(find "$cache/deb/$fetch_suite" -name "${package}_*.deb" | sort | tail -n 1)
        fi
        nice dpkg-deb -x "$found" "$fetch_into"
        dpkg-deb -f "$found" Package Version | tr '\n' ' ' | sed 's/Package: //; s/Version: //; s/ $/\n/' \
            >"$fetch_into/.$package"
    done
}

# apt_sources SUITE FOLDER PACKAGE...: downloads the upstream sources of packages and unpacks them into FOLDER.
apt_sources() {
    fetch_suite=$1
    fetch_into=$2
    shift 2
    apt_suite "$fetch_suite"
    mkdir -p "$cache/src/$fetch_suite" "$fetch_into"
    for package in "$@"; do
        [ -f "$fetch_into/.$package" ] && continue
        (cd "$cache/src/$fetch_suite" && apt_in "$fetch_suite" apt-get -q source --download-only --tar-only "$package" >&2) || return 1
        found=$(find "$cache/src/$fetch_suite" -name "${package}_*.orig.tar.*" ! -name '*.asc' | sort | tail -n 1)
        mkdir -p "$fetch_into/$package"
        nice tar -x --no-same-owner -C "$fetch_into/$package" -f "$found"
        basename "$found" | sed 's/\.orig\.tar.*//; s/_/ /' >"$fetch_into/.$package"
    done
}
