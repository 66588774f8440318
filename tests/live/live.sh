#!/bin/sh
# live.sh [-b] SECONDS PERIOD...: the real program live on a JACK server without a sound card, once
# for every period. A guitar is played to it and every drum it strikes is measured (duet.c). With
# -b every processor is kept busy by other programs meanwhile.
#
# BUILD names where the programs are. Prints "ok NAME", "not ok NAME", figures after "#", or one line
# "skip REASON".
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
export ROLYPOLY_ASSETS="${ROLYPOLY_ASSETS:-$PWD/assets}"
export JACK_NO_START_SERVER=1 JACK_NO_AUDIO_RESERVATION=1
export JACK_DEFAULT_SERVER=rolypoly-live # one name: JACK keeps places for servers that were killed

busy=
[ "${1:-}" = -b ] && busy=1 && shift
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" && exit 2; }
seconds=$1
shift
command -v jackd >/dev/null || { echo "skip live: jackd is not installed" && exit 0; }

folder=$(mktemp -d)
server='' hogs=''
stop() {
    for process in $server $hogs; do kill "$process" 2>/dev/null; done
    wait 2>/dev/null
    server='' hogs=''
}
trap 'stop; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
exec 9>/tmp/rolypoly-live.lock
flock 9
cd "$folder" || exit 1
export XDG_CONFIG_HOME="$folder" XDG_DATA_HOME="$folder"

# Real-time where that is allowed. Synchronous (-S): a client that is late delays the cycle and
# loses none, and its own figures tell of it.
start_server() {
    for priority in "-R -P70" -r; do
        # shellcheck disable=SC2086 # two words
        jackd $priority -S -n $JACK_DEFAULT_SERVER -d dummy -r 48000 -p "$1" >jackd.log 2>&1 9>&- &
        server=$!
        sleep 1
        kill -0 $server 2>/dev/null && return 0
    done
    server=
    return 1
}

keep_busy() {
    for _ in $(seq "$(nproc)"); do
        sh -c 'while :; do :; done' 9>&- &
        hogs="$hogs $!"
    done
}

failed=0
for period; do
    start_server "$period" || { echo "skip live: jackd does not start" && exit 0; }
    [ -z "$busy" ] || keep_busy
    "$BUILD/live/duet" "$BUILD/rolypoly" "$seconds" >out 2>err 9>&- || failed=1
    sed "s/^\(ok\|not ok\) /\1 $period frames: /" out
    sed 's/^/# /' err
    [ ! -s live.json ] || sed "s/.*\(\"device\":.*\)}/# \1/" live.json
    stop
    rm -f ./*.db
done
exit $failed
