#!/bin/sh
# What the screen costs and how soon it answers, beside two programs known for doing it well, all
# at the same size and measured by the same meter: the tables of docs/SCREEN.md. htop and cava are
# measured where they are installed. Takes five minutes; leave the machine alone meanwhile.
cd "$(dirname "$0")/../.." || exit 1
root=$PWD BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
ROLYPOLY=$BUILD/rolypoly meter=$BUILD/screen/meter
. tests/e2e/lib/common.sh
export LC_ALL=C.UTF-8 TERM=xterm-256color
unset NO_COLOR COLORTERM

figure() { sed -n "s/^$1 //p" figures; }

# cost NAME SIZE COMMAND...: a row of what drawing costs.
cost() {
    name=$1 cols=${2%x*} rows=${2#*x}
    shift 2
    "$meter" -c "$cols" -r "$rows" -w 8 -s 20 "$@" >figures || return
    printf '%-10s %-7s %8s %8s %8s %9s\n' "$name" "${cols}x$rows" "$(figure frames_per_s)" \
        "$(figure bytes_per_s)" "$(figure main_thread_percent)" "$(figure all_threads_percent)"
}

# answers NAME METER-OPTION...: a row of how soon keys are answered.
answers() {
    name=$1
    shift
    "$meter" -k '?=count in and play' -k 'w=strength' "$@" >figures || return
    printf '%-16s %5s %10s %8s %8s %8s\n' "$name" "$(figure keys)" "$(figure unanswered)" \
        "$(figure key_p50_ms)" "$(figure key_p99_ms)" "$(figure key_max_ms)"
}

# Something to see for cava: noise at the pace of sound, 44,100 frames of 4 bytes a second.
noise() {
    while head -c 8820 /dev/urandom; do
        sleep 0.05
    done >fifo 2>/dev/null
}

cava_at() {
    printf '[general]\nframerate = 30\n[input]\nmethod = fifo\nsource = %s\n[output]\nmethod = ncurses\n' \
        "$here/fifo" >cava.conf
    [ -p fifo ] || mkfifo fifo
    noise &
    cost cava "$1" cava -p cava.conf
    kill $! 2>/dev/null
}

printf '%-10s %-7s %8s %8s %8s %9s\n' program size frames/s bytes/s screen% process%
for size in 80x24 120x40; do
    rm -f s.db
    cost rolypoly $size rolypoly demo --silent --session s.db
    ! command -v htop >/dev/null || cost htop $size htop -d 1
    ! command -v cava >/dev/null || cava_at $size
done

for run in 1 2 3 4 5; do
    "$meter" -w 1 -s 1 rolypoly demo --silent --session s.db >figures && figure first_screen_ms
done | sort -n | sed -n '3s/.*/\nfrom start to first screen, warm: & ms (the middle one of five)\n/p'

printf '%-16s %5s %10s %8s %8s %8s\n' "keys while" keys unanswered p50_ms p99_ms max_ms
rm -f s.db
answers "a take plays" -w 6 -s 30 rolypoly demo --silent --session s.db
song long.mid 250
rolypoly take long.mid --guitar virtual --session lesson.db >/dev/null
down='\eOB'
answers "a lesson trains" -w 2 -s 3.5 -i "h${down}a" rolypoly long.mid --silent --session lesson.db
