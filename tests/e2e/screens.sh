#!/bin/sh
# Every view as text, at three sizes, in Unicode and in ASCII: real keys lead there in a real
# terminal, and what stands there is compared with tests/e2e/screens/VIEW-SIZE[-ascii].txt. Then the
# same after a storm of sizes, after ctrl-z, and with other colours; and what a hang-up leaves.
#
#   UPDATE=1 sh tests/e2e/screens.sh     writes these texts anew: read what git says of them
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"

texts=$root/tests/e2e/screens
TZ=NOON$(($(date -u +%-H) - 12)) # what was played today is today's until the end
export TZ

# What may differ where processors compute otherwise: figures, digit by digit, and the lengths and
# heights of what is drawn after them, mark by mark; rows of nothing else are empty. Large
# digits are blocks.
plain() {
    sed -e 's/[0-9]/#/g' -e 's/[▁▂▃▄▅▆▇▉▊▋▌▍▎▏░]/█/g' -e 's/ *$//' -e 's/^ [█ ]*█$//' -e 's|^ Songs in /.*| Songs in FOLDER|' \
        -e 's/^ \(█[█ ][█ ]\|[█ ]█[█ ]\|[█ ][█ ]█\) / ███ /' \
        -e 's/^ \(#[# ][# ]\|[# ]#[# ]\|[# ][# ]#\) / ### /' -e 's/^ [-:_=+*%#. ]*[-_=+*%.]$//' -e '/ ms [#.]/s/[#.]\{10\}/##########/' \
        -e '/^[> ] *#  *[-:_=+*%#.m s]*#$/s/[-:_=+*%.]/#/g' -e '/^ take #  *[-:_=+*%#.]*$/s/[-:_=+*%.]/#/g'
}

# Of a screen that moves: its title, its rules and its keys, and the words that other rows begin with.
outline() {
    plain | sed -e 's/^ \(trying\|hearing\)/ learning/' -e 1b -e '$b' -e 's/^──.*/──/' -e 's/^--.*/--/' -e 's/^ \([a-zA-Z]*\).*/ \1/' -e 's/ $//'
}

# Waits until the screen, as $1 leaves it, is the text.
same() {
    tries=$((patience * 20))
    until screen | $1 | cmp -s "$2" -; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}

check() { # NAME HOW TEXT
    if same "$2" "$3"; then
        ok "$1"
    else
        not_ok "$1" "is not as in ${3#"$root/"}:"
        screen | $2 | diff "$3" - | sed 's/^/    /'
        patience=2 # for the others
    fi
}

# write_down HOW TEXT: once it stands still.
write_down() {
    until screen | $1 >seen && sleep 0.3 && screen | $1 | cmp -s seen -; do :; done
    cp seen "$2"
}

storm() {
    for wide in 100 59 160 20 61 80; do
        for high in 24 19 50 10 21 40 5 30 20 60; do size $wide $high; done
    done
    size 80 24
}

# check_colour VIEW: there is none where none is wished, and else at least on the stage.
check_colour() {
    terminal capture-pane -p -e | grep -q "$(printf '\033\\[\([0-9]*;\)*[34][0-8][;m]')"
    case "$?$1$colour" in
    1stage\ TERM*) not_seen "stage$colour" "colour" ;;
    0*NO_COLOR*) not_seen "$1$colour" "no colour" ;;
    *) ok "$1$colour: its colours" ;;
    esac
}

# sight VIEW PATTERN [HOW]: once PATTERN is there, the view is what it was, at every size.
sight() {
    appears "$2" || not_seen "$1" "$2"
    how=${3:-plain}
    for at in $sizes; do
        text=$texts/$1-$at$kind.txt
        size ${at%x*} ${at#*x}
        [ -z "${UPDATE:-}" ] || write_down "$how" "$text"
        check "$1 $at$kind$colour" "$how" "$text"
    done
    [ -z "$colour" ] || check_colour "$1"
    [ -z "$kind$colour" ] && [ "$1" != lesson ] || return # which might be over
    storm
    check "$1 after a storm of sizes" "$how" "$text"
}

# sight_again VIEW...: as sight, and it is there again after ctrl-z.
sight_again() {
    sight "$@"
    [ -z "$kind$colour" ] || return
    key C-z
    appears 'Stopped'
    type_in 'clear; fg'
    key Enter
    check "$1 after ctrl-z" plain "$text"
}

# leave PATTERN: an escape, and what is there then.
leave() {
    key Escape
    appears "$1"
}

# What can be looked at in a session.
browse() {
    sight_again stage 'space play'
    type_in ':leash '
    key Tab
    sight_again colon 'kick snare closed-hat'
    key C-u
    type_in 'fol'
    key Tab
    sight completion 'follow-'
    leave '^ late'
    key '?'
    sight_again help 'On the stage'
    leave '^ late'
    key w
    sight_again weights 'w_v touch'
    leave '^ late'
    key l Right
    sight_again practice '^ Practice  bars 2-64'
    key x
    leave '^ late'
    key h
    sight_again history '3 takes, 2 drummers'
    key n
    type_in 'too loud'
    sight_again note 'on this take: too loud'
    leave '/ find'
    key /
    type_in verse
    sight find '1 found'
    leave 'd delete'
    key c Down c
    sight_again compare 'take 2  *take 3'
    leave 'd delete'
    key Up Enter
    sight_again take '^ Take 2 .* undecided'
    key e
    sight export 'write to: '
    leave 'x bar'
}

# pause_in_bar_1 KEY...: which make the loop one bar long.
pause_in_bar_1() {
    key "$@" Left Left Left Left Left Left Left Left
    appears 'round and round bar 1$' && appears 'bar 1 of'
    key space
}

# What a take teaches: its sound, its lesson, two drummers blindly.
learn() {
    key p
    appears '^ Listening to take 2 .* 0:0[1-9]'
    pause_in_bar_1 l Down Down Down
    sight listen 'paused'
    leave 'x bar'
    key a
    sight learnt 'Drummer #3 has learnt' outline
    key b
    appears 'enter: this one goes on'
    pause_in_bar_1 Down Down Down
    sight blind 'paused'
    leave 'nothing was decided'
}

# What moves.
play() {
    key space
    appears "$sounding"
    sight playing 'TOGETHER' outline
    key q q
}

# wait_and_learn TAKE: a long song, and no guitar.
wait_and_learn() {
    appears 'space play'
    key g
    sight entrance 'space give up'
    leave '^ late'
    key space
    sight count-in 'count-in' outline
    key space
    appears '^ Take [45]\|^ late'
    type_in ":take $1"
    key Enter
    appears "^ Take $1 "
    key a
    sight lesson "learns from take $1" outline
    key x
    key o o
    appears '▶ long\|> long'
    key Down
    sight library '▶ demo\|> demo'
    key q
}

# ---- what has been played ----

mkdir songs
cp "$ROLYPOLY_ASSETS/demo.mid" tune.mid
for guitar in laid-back rusher swinger; do
    rolypoly take tune.mid --session s.db --bars 1-24 --guitar virtual:$guitar >/dev/null || exit 1
    [ $guitar != laid-back ] || rolypoly accept s.db --epochs 1 >/dev/null || exit 1
done
rolypoly reject s.db >/dev/null
rolypoly note s.db --take 2 'rushed the verse' >/dev/null
song songs/long.mid 600
for take in 1 2 3; do # each teaches once
    rolypoly take songs/long.mid --guitar songs/long.mid --no-recording >/dev/null || exit 1
done

# ---- every view ----

terminal new-session -d -x 80 -y 24 -c "$here" "PS1='\$ ' bash --norc -i" || exit 1
terminal set-option -g status off >/dev/null
sizes='120x40 60x20 80x24' kind='' colour=''
cp s.db tune.db
type_in 'TERM=xterm-256color rolypoly tune.db --silent --guitar virtual:rusher; echo ended with $?'
key Enter
browse
learn
play
appears 'ended with 0'
type_in 'clear; TERM=xterm-256color rolypoly songs/long.mid --silent --count-in 8; echo ended with $?'
key Enter
wait_and_learn 1
appears 'ended with 0'

kind=-ascii
terminal respawn-pane -k "PS1='\$ ' sh"
cp s.db tune.db
start 'env LC_ALL=C NO_COLOR=1 rolypoly tune.db --silent --guitar virtual:rusher'
browse
learn
play
expect_end "ASCII: the terminal is as it was" 0
start 'env LC_ALL=C NO_COLOR=1 rolypoly songs/long.mid --silent --count-in 8'
wait_and_learn 2
expect_end "and again" 0

# ---- in other colours, the same ----

kind='' sizes=80x24
for look in TERM=xterm TERM=xterm-direct 'NO_COLOR=1 TERM=vt100'; do
    if ! infocmp "${look#*TERM=}" >/dev/null 2>&1; then
        echo "skip $suite: ${look#*TERM=} is not described here"
        continue
    fi
    colour=" $look"
    cp s.db tune.db
    start "env $look rolypoly tune.db --silent --guitar virtual:rusher"
    browse
    key q
    appears '^ended with 0' || not_seen "$look: and out" 'the shell'
done

# ---- hung up ----

# hang_up NAME: the terminal goes away, and the program with it.
hang_up() {
    pid=$(cat pid)
    terminal respawn-pane -k "PS1='\$ ' sh"
    tries=$((patience * 10))
    while grep -qs '^[0-9]* ([^)]*) [^ZX]' "/proc/$pid/stat" && [ $tries -gt 0 ]; do
        tries=$((tries - 1))
        sleep 0.1
    done
    holds "$1 that is hung up ends" [ $tries -gt 0 ]
}
takes() { rolypoly history s.db --json | grep -o '"take":[0-9]*,"status"' | wc -l; }

start 'rolypoly s.db --silent --guitar virtual'
appears '^ late'
type_in ':take 2'
key Enter
appears '^ Take 2'
key p
appears 'Listening to take 2'
hang_up "listening"
holds "and leaves the takes" [ "$(takes)" -eq 3 ]
start 'rolypoly s.db --silent --guitar virtual'
appears '^ late'
key space
appears "$sounding"
hang_up "a take"
holds "and is kept" [ "$(takes)" -eq 4 ]
current() { rolypoly history songs/long.mid --json >out && value current; }
drummer=$(current)
start 'rolypoly songs/long.mid --silent'
appears '^ late'
type_in ':take 3'
key Enter
appears '^ Take 3'
key a
appears 'learns from take 3'
hang_up "a lesson"
holds "and has taught nothing" [ "$(current)" = "$drummer" ]
