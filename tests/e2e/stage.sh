#!/bin/sh
# The stage as it is read from afar, on every kind of terminal: with many colours, few and none, in
# Unicode and in ASCII.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"

demo="rolypoly demo --silent --session s.db"
needle='[▄▀█#="]\{3\}'

colours() { terminal capture-pane -p -e; }
holds_colour() { colours | grep -q "$(printf '\033\\[[0-9;]*%s' "$1")"; }

# leave NAME: two presses of q, and the terminal is as it was.
leave() {
    key q
    appears 'q once more'
    key q
    expect_end "$1" 0
}

# leave_bare NAME: the same on a terminal that has no screen to go back to: it is left empty.
leave_bare() {
    key q
    appears 'q once more'
    key q
    appears '^ended with 0$' && cmp -s stty.before stty.after && ! screen | grep -q '? help'
    holds "$1" [ $? -eq 0 ]
    rm -f stty.after
}

open_terminal 80 24

# ---- what is read ----

start "env TERM=xterm-256color $demo"
expect "the count is seen" 'COUNT-IN'
expect "in digits of five rows" '██████'
expect "where we are" '^ bar [0-9]* of 64  Intro '
expect "the next fill" 'fill in [0-9]* bars\|fill in the next bar'
expect "late or early by a needle" "┊ $needle "
expect "and in words" ' ms late\|ms early\|on time'
expect "how far apart in four bars" 'ms in 4 bars'
expect "each onset" '^ heard [0-9][0-9]* .*○'
expect "a fill that sounds" ' FILL  0:'
expect "the next section" ' of 64  Verse '
expect_not "the small print stays away" 'round trip\|late plans\|xruns\|no take yet'
holds "256 colours" holds_colour '38;5;68'
size 60 20
expect "all of it on a small screen" 'TOGETHER'
expect "the needle too" "┊ $needle "
size 120 40
expect "large figures on a large one" '██  ██\|██████'
expect "the bar and the sections" '^ Intro  *Verse  *Chorus '
size 80 24
leave "and the terminal is given back"

# ---- where there is less ----

start "env LC_ALL=C TERM=vt100 NO_COLOR=1 $demo"
expect "a song in ASCII" '^ count-in [1-4] of 4'
key space # a rehearsal that goes on has no take by itself
appears '^ bar [0-9]* of' || key space
expect "a needle in ASCII" ": $needle "
screen | LC_ALL=C grep -q "$(printf '[\200-\377]')"
holds "and nothing but ASCII" [ $? -eq 1 ]
expect "words for it" ' ms late\|ms early\|on time'
leave_bare "vt100 is given back"

for term in xterm xterm-256color xterm-direct screen linux; do
    if ! infocmp "$term" >/dev/null 2>&1; then
        echo "skip $suite: $term is not described here"
        continue
    fi
    rm -f s.db
    start "env TERM=$term $demo"
    expect "$term: the guitar is heard" 'TOGETHER  [a-z]'
    case $term in
    xterm | linux | screen) holds "$term: eight colours" holds_colour '3[36]m' ;;
    xterm-256color) holds "$term: its own orange" holds_colour '38;5;166m' ;;
    xterm-direct) holds "$term: any colour" holds_colour '38;2;207;106;0m' ;;
    esac
    if [ $term = linux ]; then leave_bare "$term is given back"; else leave "$term is given back"; fi
done

if infocmp xterm-direct >/dev/null 2>&1; then
    rm -f s.db
    start "env TERM=xterm-256color COLORTERM=truecolor $demo"
    expect "a terminal that says so has any colour" 'TOGETHER  [a-z]'
    holds "though its name does not" holds_colour '38;2;207;106;0m'
    leave "it is given back too"
else
    echo "skip $suite: xterm-direct is not described here"
fi

rm -f s.db
start "env TERM=xterm-256color NO_COLOR=1 COLORTERM=truecolor $demo"
expect "without colour the guitar is heard" 'TOGETHER  [a-z]'
colours | grep -q "$(printf '\033\\[[0-9;]*3[0-8][;m]')"
holds "NO_COLOR is heeded" [ $? -eq 1 ]
expect "and shape tells late from early" "┊ $needle "
leave "it is given back"

# ---- a storm of sizes ----

song storm.mid 8
start "rolypoly storm.mid --silent"
appears 'no sound card: silent'
screen >before.txt
for round in 1 2 3 4 5; do
    size 60 20
    size 30 8
    size 120 40
    size 80 24
done
tries=$((patience * 10))
until screen | cmp -s before.txt - || [ $tries -eq 0 ]; do
    tries=$((tries - 1))
    sleep 0.1
done
screen >after.txt
holds "a storm of sizes leaves no trace" cmp -s before.txt after.txt
key q
expect_end "nor in the terminal" 0
