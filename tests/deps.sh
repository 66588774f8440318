#!/bin/sh
# Installs what is missing of the Debian packages that building, running and testing need; with
# "lint" also what tests/lint.sh needs, with "cover" what `make cover` needs. Asks nothing. Does
# nothing, and needs no rights, when all is there.
set -eu

packages="pkg-config portaudio19-dev libfluidsynth-dev fluid-soundfont-gm libsmf-dev libsqlite3-dev
    libsndfile1-dev libsoxr-dev libcjson-dev libkissfft-dev libncurses-dev libasound2-dev libsystemd-dev
    check tmux ncurses-term jackd2 libjack-jackd2-dev"
case ${1:-} in
lint) packages="$packages clang-format clang-tidy cppcheck universal-ctags" ;;
cover) packages="$packages gcovr" ;;
esac

installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
for package in $packages; do
    installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "deps: this is no Debian system; install the counterparts of:$missing" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "deps: run this as root, or install sudo: missing are$missing" >&2
        exit 1
    }
    as_root=sudo
fi
# jackd2 asks a question unless it is told not to.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
# shellcheck disable=SC2086 # a list of names
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
