#!/bin/sh
# What the screen costs and how soon it answers, beside two programs known for doing it well, all
# at the same size and rate and measured by the same meter. Prints a table for docs/SCREEN.md.
# htop and cava are measured where they are installed.
set -u
cd "$(dirname "$0")/../.." || exit 1

BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
program=$BUILD/rolypoly meter=$BUILD/screen/meter
export ROLYPOLY_ASSETS="${ROLYPOLY_ASSETS:-$PWD/assets}"
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
trap 'exit 130' INT TERM
export XDG_CONFIG_HOME="$here" XDG_DATA_HOME="$here" LC_ALL=C.UTF-8 TERM=xterm-256color
unset NO_COLOR COLORTERM
cd "$here" || exit 1

value() { sed -n "s/^$1 //p" figures; }

# cost NAME SIZE COMMAND...: a row of what drawing costs.
cost() {
    name=$1 cols=${2%x*} rows=${2#*x}
    shift 2
    "$meter" -c "$cols" -r "$rows" -w 8 -s 20 "$@" >figures || return
    printf '%-10s %-7s %8s %8s %9s %9s\n' "$name" "${cols}x$rows" "$(value frames_per_s)" \
        "$(value bytes_per_s)" "$(value main_thread_percent)" "$(value all_threads_percent)"
}

# answers NAME METER-OPTION...: a row of how soon keys are answered.
answers() {
    name=$1
    shift
    "$meter" "$@" >figures || return
    printf '%-22s %5s %10s %8s %8s %8s\n' "$name" "$(value keys)" "$(value unanswered)" \
        "$(value key_p50_ms)" "$(value key_p99_ms)" "$(value key_max_ms)"
}

noise() { # half a minute and more of it, as fast as it is read
    head -c 20000000 /dev/urandom >fifo
}

printf '%-10s %-7s %8s %8s %9s %9s\n' program size frames/s bytes/s screen% process%
for size in 80x24 120x40; do
    rm -f s.db
    cost rolypoly $size "$program" demo --silent --session s.db
    command -v htop >/dev/null && cost htop $size htop -d 1
    if command -v cava >/dev/null; then
        printf '[general]\nframerate = 30\n[input]\nmethod = fifo\nsource = %s\n[output]\nmethod = ncurses\n' \
            "$here/fifo" >cava.conf
        [ -p fifo ] || mkfifo fifo
        noise &
        cost cava $size cava -p cava.conf
        kill $! 2>/dev/null
    fi
done

printf '\n'
for run in 1 2 3 4 5; do
    "$meter" -w 2 -s 1 "$program" demo --silent --session s.db >figures && value first_screen_ms
done | sort -n | sed -n '3s/$/ ms from start to first screen, warm, the middle one of five/p'

# Escape is held back for 25 ms, as another key may begin with it: h and w are asked alone.
printf '\n%-22s %5s %10s %8s %8s %8s\n' "keys while" keys unanswered p50_ms p99_ms max_ms
"$program" take "$ROLYPOLY_ASSETS/demo.mid" --guitar virtual --session lesson.db >/dev/null
rm -f s.db
answers "a take plays" -w 6 -s 30 -k 'h=drummer#1playsnow' -k 'w=strength' \
    "$program" demo --silent --session s.db
answers "a lesson trains" -w 2 -s 8 -i 'hja' -k 'h=drummer#1playsnow' -k 'w=strength' \
    "$program" demo --silent --session lesson.db
