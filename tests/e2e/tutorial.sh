#!/bin/sh
# A newcomer's first ten minutes, as docs/TUTORIAL.md tells them: the same keys in the same order,
# on a real terminal. A virtual guitarist stands in for the player, JACK's dummy for the sound card.
#
# With UPDATE=1 the takes are played to their end, and the document gets its pictures from here.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"

tutorial=$root/docs/TUTORIAL.md
update=${UPDATE:-}
tempo=${update:+90}
tempo=${tempo:-150} # nobody looks on
stand_in="--silent --guitar virtual"
export HOME="$here/home"
mkdir -p "$HOME/songs"
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME
cp "$root/assets/demo.mid" "$HOME/songs/rain.mid"
song "$HOME/songs/shuffle.mid" 12 "$tempo"

# picture NAME LINES: these lines of the screen ("1,9p 23,24p") are a picture of the document.
picture() {
    screen | sed -n "$(echo "$2" | tr ' ' '\n')" | sed 's/ *$//' >shot
    if ! grep -q "^<!-- picture $1 -->\$" "$tutorial"; then
        not_ok "the tutorial has a place for the picture $1"
    elif grep -q "$here" shot; then
        not_ok "the picture $1 names no path of this machine" "$(cat shot)"
    elif [ -n "$update" ]; then
        awk -v begin="<!-- picture $1 -->" '
            !inside { print }
            $0 == begin {
                print "```"
                while ((getline line <"shot") > 0) print line
                print "```"
                inside = 1
            }
            inside && /^<!-- end -->$/ { print; inside = 0 }' "$tutorial" >new &&
            cat new >"$tutorial"
    fi
    echo "$1" >>pictures
}

# types COMMAND [MORE]: at the shell; the tutorial says COMMAND, and MORE is for this machine.
types() {
    if grep -qF -- "$1" "$tutorial"; then ok "the tutorial says $1"; else not_ok "the tutorial says $1"; fi
    type_in "clear; $1 ${2:-}"
    key Enter
}

# A take is over with the song where pictures are made, and with `space` soon after bar BAR else.
take_until() {
    expect "take $1 is played" "^ bar \([$2-9]\|1[0-9]\) of"
    if [ -n "$update" ]; then patience=120; else key space; fi
    expect "take $1 is over" "^ Take $1 .* undecided"
    patience=${PATIENCE:-30}
}

knob() { # NAME KEY...: from the one before, as often as it takes
    key Down
    expect "the knob $1" "^ ▶ $1 "
    shift
    key "$@"
}

open_terminal 80 24
type_in cd
key Enter

# ---- 1: the demo ----

types "rolypoly demo" --silent
expect "the count-in is seen" 'COUNT-IN'
screen | grep -q 'COUNT-IN' || exit 1 # the rest would only wait
expect "the demo is heard" 'TOGETHER  [a-z]'
[ -z "$update" ] || appears '^ bar 6 of'
picture demo 1,24p
key space
expect "a take is judged" '^ Take 1 .* undecided'
key q
expect "and left" '^\$$'

# ---- 2: a song of one's own ----

types "rolypoly songs" "$stand_in"
expect "the songs are listed" '^ Songs in ~/songs$'
expect "the first one is selected" '^ ▶ rain.mid .*64 bars'
key Down
expect "and the next" '^ ▶ shuffle.mid .*12 bars'
picture songs '1,6p 22,24p'
key Enter
expect "it is opened" '^ shuffle .*next take 1 '
expect "the stage says how to begin" 'space: play'
expect "and that there is no sound card" 'no sound card: silent'
picture stage 8,24p

# ---- 4: three takes ----

key space
take_until 1 3
picture take 1,24p
key a
expect "the drummer learns" 'Drummer #2 has learnt from take 1'
picture lesson 1,24p

key space
take_until 2 3
for _ in $(seq 12); do # to bar 1, wherever it stood
    screen | grep -q '^ bar 1 ' && break
    key Left
    sleep 0.05
done
key Right x
expect "a bar is left out" '^ bar 2 .* left out'
expect "where the map shows it" '^  2 .×'
key 8
expect "and a drum" '8×crash'
picture part 10,24p
key a
expect "he learns from the rest" 'Drummer #3 has learnt from take 2'
expect "of some drums" '^ bars 1,3- *all drums but crash'

# ---- 5: the old drummer or the new one ----

key b
expect "two drummers" '^ Which drummer?'
expect "the choice" 'x: the other one, at once\|Nobody could tell them apart'
[ -z "$update" ] || sleep 3
picture blind 1,18p
key x
expect "the other one" '██ '
key Enter
expect "the answer" '^ [AB] it is: the \(new\|old\) drummer'
picture answer 11,13p
key Escape
expect "back on the stage" 'space play .*u undo'
key u
expect "undo" 'drummer #[12] plays again; #[23] and what it learnt stay in the history'
picture undo 23p

key space
take_until 3 3
key r
expect "a take is rejected" 'take 3 is rejected'

# ---- 6: what has been ----

key h
expect "the history" '^ 3 takes, 3 drummers'
expect "with what became of each take" 'take 2 .* accepted → #3'
picture history 1,24p
key Escape
expect "and back" 'space play   g you begin'

# ---- 7: four bars again and again ----

key l
expect "practice" '^ Practice  all of the song, once'
key Right Right Right Right
knob to Left Left Left Left
expect "bars are chosen" '^ Practice  bars 5-8'
knob passes Right Right
knob tempo Left Left Left Left
knob ramp Right Right Right Right Right
expect "round and round, faster each time" '^ Practice  bars 5-8, 3 times, 80 to 90 %'
picture practice 1,17p
key space
expect "the first time" 'pass 1 of 3  80 %'
[ -z "$update" ] || appears 'pass 2 of 3'
picture pass 1,7p
key n
expect "the last time" 'LAST TIME'
key space
expect "it is a take like others" '^ Take 4 .* undecided'
key Escape l x
expect "all of the song again" '^ Practice  all of the song'
key Escape
type_in ':tempo 100'
key Enter
expect "at its own tempo" 'tempo 100 %'

# ---- 8: the guitar begins ----

key g
expect "it is waited for" 'you begin, the drums come in'
expect "a beat is found" 'beats a minute'
expect "and believed" 'the drums come in: '
picture entrance 1,24p
expect "they come in" 'the drums come in: [0-9.]* beats a minute'
expect "on their bar" '^ bar [1-9]* of'
picture cue '1,3p 23p'
take_until 5 2

# ---- 9: to take away ----

key e
expect "a name is proposed" 'write to: shuffle-take5.mid'
key Enter
expect "the take is written" "is written to 'shuffle-take5.mid'"
picture export 23p
holds "as MIDI" [ "$(head -c 4 "$HOME/shuffle-take5.mid")" = MThd ]
key q
expect "the end" '^\$$'
types "rolypoly replay songs/shuffle.mid --out mix.wav"
expect "the take is played into a file" '^\$$'
holds "with its sound" [ -s "$HOME/mix.wav" ]
types "rolypoly" "$stand_in"
expect "tomorrow it is found again" '^ ▶ shuffle .* 5 takes .* today'
picture tomorrow '1,10p 24p'
key q
expect "until then" '^\$$'

# ---- 3: the sound card; last, because not every machine can ----

terminal kill-server
. "$root/tests/e2e/lib/jack.sh"
trap 'terminal kill-server 2>/dev/null; stop_server -KILL; rm -rf "$here"' EXIT
start_server 48000 128
open_terminal 80 24
type_in cd
key Enter

types "rolypoly devices"
expect "the sound cards are listed" '^  1 \* system  *JACK'
expect "and how they are chosen" 'take a number or any part of a name'
picture devices 1,5p
types "rolypoly songs --input system --output system"
expect "the songs once more" '^ Songs in ~/songs$'
key Down Enter
expect "the sound card is named" '^ in .*JACK: system'
key c
expect "the round trip is measured" 'measuring the round trip'
close_loop
expect "it is kept" 'round trip 2.67 ms, give or take 0.0[0-9]: kept'
picture calibrated 21,24p
key q
expect "the sound works" '^\$$'

sed -n 's/^<!-- picture \(.*\) -->$/\1/p' "$tutorial" | sort >places
holds "every picture of the tutorial is taken here" sh -c 'sort pictures | cmp -s - places'
