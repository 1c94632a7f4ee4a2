#!/bin/sh
# Proves that a clone starts on an empty Debian 12 that has python3 and git, as root and as a plain user without sudo:
#   sudo setup/prove-from-nothing.sh [FOLDER] [root|user|tests …]
# Needs root and debootstrap (sudo apt-get install debootstrap). FOLDER keeps the empty system for the next time.
set -eu
cd -- "$(dirname -- "$0")/.."
project=$PWD
folder=${1:-/var/tmp/prove}
[ $# -eq 0 ] || shift
mirror=${MIRROR:-http://deb.debian.org/debian}

[ "$(id -u)" = 0 ] || { echo "Run this as root: it makes an empty system in $folder." >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "Install it with: apt-get install debootstrap" >&2; exit 1; }

if [ ! -e "$folder/base/usr/bin/git" ]; then
    echo "Making an empty Debian 12 in $folder/base"
    debootstrap --variant=minbase --include=python3,git,ca-certificates bookworm "$folder/base" "$mirror" >/dev/null
fi

# $1: root, user or tests. A copy of the empty system, a clone of what is committed here, and the proof inside, with its
# own process ids, so that nothing survives it.
prove() {
    system=$folder/$1
    home=/root
    run_as=
    if [ "$1" != root ]; then
        home=/home/plain
        run_as="setpriv --reuid=1234 --regid=1234 --clear-groups"
    fi
    rm -rf "$system"
    cp -a "$folder/base" "$system"
    cp /etc/resolv.conf "$system/etc/resolv.conf"
    cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/ca-certificates.crt"
    echo 'plain:x:1234:1234::/home/plain:/bin/sh' >>"$system/etc/passwd"
    echo 'plain:x:1234:' >>"$system/etc/group"
    mkdir -p "$system$home"
    git clone -q "file://$project" "$system$home/jieding"
    [ "$1" = root ] || chown -R 1234:1234 "$system$home"
    what="setup/prove-inside.sh"
    [ "$1" != tests ] || what="./test ${TESTS:-}"
    echo "== $1, in an empty Debian $(cat "$system/etc/debian_version")"
    unshare --mount --pid --fork sh -euc '
        mount --make-rprivate /
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        exec chroot "$1" env -i HOME="$2" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 $3 \
            sh -c "cd ~/jieding && exec $4"
    ' sh "$system" "$home" "$run_as" "$what"
    rm -rf "$system"
}

[ $# -gt 0 ] || set -- root user
for who in "$@"; do prove "$who"; done
