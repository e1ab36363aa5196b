#!/bin/sh
# Takes the newest restic, rclone and borg that Debian's archive holds, and two Syncthings, of which the older is the faster; unpacks them beside this folder, installs nothing.
#
#   bench/peers.sh        prints the folder with the programs, and their versions on standard error
#
#   PEER_SUITE (sid)      where restic and rclone come from: Go programs, they run on older systems too
#   BORG_SUITE (trixie)   where borg and its own Python and C library come from; it runs with those, not with the system's

set -eu
. "$(dirname -- "$0")/apt.sh"

peer_suite=${PEER_SUITE:-sid}
borg_suite=${BORG_SUITE:-trixie}
peers=$cache/peers
mkdir -p "$peers"

if [ ! -x "$peers/restic" ] || [ ! -x "$peers/rclone" ]; then
    apt_fetch "$peer_suite" "$peers/go" restic rclone
    ln -sf "$peers/go/usr/bin/restic" "$peers/restic"
    ln -sf "$peers/go/usr/bin/rclone" "$peers/rclone"
fi

for suite in stable sid; do
    [ "$suite" = stable ] && from=${SYNCTHING_SUITE:-bookworm} || from=$peer_suite
    [ -x "$peers/syncthing-$suite/usr/bin/syncthing" ] || apt_fetch "$from" "$peers/syncthing-$suite" syncthing
done

if [ ! -x "$peers/borg" ]; then
    apt_suite "$borg_suite"
    apt_in "$borg_suite" apt-get -q -y --download-only --no-install-recommends install borgbackup >&2
    mkdir -p "$peers/borg-root"
    # libc first: on a merged /usr the links /lib and /lib64 must be there before anything goes below them.
    for link in bin lib lib64 sbin; do
        mkdir -p "$peers/borg-root/usr/$link"
        [ -e "$peers/borg-root/$link" ] || ln -s "usr/$link" "$peers/borg-root/$link"
    done
    for package in "$cache/apt/$borg_suite/archives"/*.deb; do
        nice dpkg-deb --fsys-tarfile "$package" | tar -x -C "$peers/borg-root" --keep-directory-symlink --no-same-owner
    done
    root=$peers/borg-root
    triple=$(find "$root/usr/lib" -maxdepth 1 -name '*-linux-gnu' | head -n 1)
    loader=$(find "$root/usr/lib64" "$root/usr/lib" -maxdepth 2 -name 'ld-linux*' | head -n 1)
    python=$(find "$root/usr/bin" -name 'python3.*' | grep -v config | sort | head -n 1)
    cat >"$peers/borg.new" <<SCRIPT
#!/bin/sh
export PYTHONHOME='$root/usr' PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=
exec '$loader' --library-path '$triple:$root/usr/lib' '$python' '$root/usr/bin/borg' "\$@"
SCRIPT
    chmod 755 "$peers/borg.new"
    "$peers/borg.new" --version >/dev/null
    mv "$peers/borg.new" "$peers/borg"
fi

{
    "$peers/restic" version | cut -d' ' -f1,2
    "$peers/rclone" version | head -n 1
    "$peers/borg" --version
    "$peers/syncthing-stable/usr/bin/syncthing" --version | cut -d' ' -f1,2
    "$peers/syncthing-sid/usr/bin/syncthing" --version | cut -d' ' -f1,2
} | tee "$peers/versions" >&2
echo "$peers"
