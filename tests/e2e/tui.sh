#!/bin/sh
# The rehearsal driven by real keys in a real terminal (tmux), with a virtual guitarist and no
# sound card.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"

open_terminal 80 24
demo="rolypoly demo --silent --session s.db"

# ---- a rehearsal ----

start "$demo"
expect "the demo counts in by itself" 'count-in [1-4] of'
screen | grep -q 'count-in' || exit 1 # the rest would only wait
expect "the song begins" "$sounding"
expect "the guitar is heard" 'TOGETHER  [a-z]'
key '?'
expect "help while playing" 'take 1 is being played'
key -H 1b 5b 32 35 7e # a key that the terminal's description lacks
key w
expect "an unknown key does nothing" '^   leash *120 ms'
key Escape
size 60 20
expect "a smaller window" '^ cymbals\|^ kick'
size 40 10
expect "too small a window says so" '60 x 20 needed'
size 120 40
expect "a larger window" 'space stop .*? help'
size 80 24
expect "the window as it was" '^ bar [0-9]* of'
type_in '-'
expect "follow is heeded at once" 'follow 0.9 from now on'
type_in '+'
key u
expect "a key that is for later says so" "'u' does nothing while a take is played"
key q
expect "quitting during a take asks" 'q once more'
key space
expect "space stops the take" '^ Take 1 .* undecided'
expect "the verdict has figures" '^ *[█ ]* *expected you within [0-9.]* ms'
expect "what a lesson would be of" '^ a: learns from [0-9]* notes\|^ ! '
key Right x
expect "a bar is left out" '^ *1 *.×'
key 1
expect "and a drum" '^ 1×kick 2 snare'
key x 1 9
expect "all bars again, but one drum" '8 crash 9×ride'
expect_not "with no bar left out" '^ *1 *.×'
key a
expect "a lesson is learnt" 'Drummer #2 has learnt from take 1'
screen | grep -q '^ all drums but ride'
holds "of the drums that were chosen" [ $? -eq 0 ]
key e
expect "export asks for a name" 'write to: demo-take1.mid'
key Enter
expect "export writes" "is written to 'demo-take1.mid'"
[ "$(head -c 4 "demo-take1.mid" 2>/dev/null)" = MThd ]
holds "the export is a MIDI file" [ $? -eq 0 ]
key e
appears 'write to:'
key Enter
expect "export asks before it replaces" 'enter replaces it'
key Escape
key u
expect "undo" 'drummer #1 plays again'
key u
expect "nothing more to undo" 'nothing to undo'

key h
expect "history shows the verdict" 'take 1 .* accepted'
expect "history shows the undone drummer" '#2 groove *from #1, learnt take 1'
expect "history shows the current drummer" '▶ #1 groove'
key Down Down Down
key m
expect "an undone drummer can be chosen" 'drummer #2 plays now'
key Up Enter
expect "history opens a take" '^ Take 1 .* accepted'
key Escape Escape
expect "back to the stage" 'space: play'

key w
expect "weights" '▶ w_v'
key Down Right
expect "a weight can be turned" 'w_o .* 0\.[0-9] .*\*'
key 0 Down Down Down Left
expect "a lesson may be weaker" 'strength *0\.9 .*\*'
key 0 Escape

key space
expect "the second take" "$sounding"
key space
expect "a second verdict" '^ Take 2 .* undecided'
key r
expect "reject" 'take 2 is rejected'
key q
expect_end "quit leaves the terminal as it was" 0

# ---- the player's controls during a take ----

start "$demo --leash 60 --leash-drums snare=25"
expect "a take with controls" "$sounding"
expect "a drum's own leash is told" '^ snare *25 '
key r
expect "a robot plays" '  ROBOT .* of'
key r
expect "the drummer plays again" 'the drummer plays again'
expect_not "and no robot" '  ROBOT '
key 1
expect "a drum is chosen" 'set the leash of the kick'
type_in '[['
expect "its leash is shorter at once" 'leash of kick 50 ms from now on'
expect "and stands beside its lane" '^ kick *50 '
key 1
type_in ']'
expect "all leashes cannot be longer than the take began with" 'leash 70 ms from the next take on: this one began with 60 ms'
expect "the second bar" '^ bar \([2-9]\|[1-9][0-9]\) of'
key f
expect "a flub is marked" 'bar [0-9]* is a flub'
expect "on its bar" '[0-9]× flub'
told() { screen | grep -o 'bar [0-9]* is [a-z ]*flub'; }
for tries in 1 2 3 4 5 6; do # a bar may begin between two keys: then that one is marked
    before=$(told)
    key f
    for wait in 1 2 3 4 5 6 7 8 9; do
        [ "$(told)" = "$before" ] || break
        sleep 0.2
    done
    told | grep -q 'no flub' && break
done
expect "and can be taken back" 'bar [0-9]* is no flub'
expect "the fourth bar" '^ bar \([4-9]\|[1-9][0-9]\) of'
key f
expect "another flub" 'bar [0-9]* is a flub'
type_in '...'
expect "the ear can be set" 'sensitivity +3 dB'
expect "and what is heard is seen" '^ heard .*○.* sensitivity +3'
key space
expect "the take tells its flubs" 'flubbed: bars* [0-9]'
expect "and leaves them out" '^ *[0-9]* *.*[×/]'
key q
expect_end "quit after it" 0
take=$(rolypoly history s.db --json | grep -o '"takes":.*"checkpoints"' | grep -o '"take":[0-9]*' | tail -n 1 | cut -d : -f 2)
rolypoly history s.db --take "$take" --json >"take.json"
for kind in robot leash flub; do
    grep -q "\"kind\":\"$kind\"" "take.json"
    holds "the $kind is kept" [ $? -eq 0 ]
done
grep -q '"drum_leash_ms":{"snare":25}' "take.json"
holds "and how the take began" [ $? -eq 0 ]
rolypoly export s.db --take "$take" -o played.mid >/dev/null
rolypoly replay s.db --take "$take" --midi again.mid >/dev/null && cmp "played.mid" "again.mid"
holds "a replay heeds all of it, to the byte" [ $? -eq 0 ]
rolypoly accept s.db --take "$take" --look | grep -q 'marked as flubs, and left out of a lesson that names no bars: [0-9]'
holds "accept leaves the flubs out, and says so" [ $? -eq 0 ]
out=$(rolypoly accept s.db --take "$take" --look --json)
all=$(rolypoly accept s.db --take "$take" --look --bars 1- --json)
echo "$out" | grep -q '"flubs":\[[0-9]' && echo "$all" | grep -q '"flubs":\[\]' &&
    [ "$(echo "$out" | grep -o '"steps":[0-9]*')" != "$(echo "$all" | grep -o '"steps":[0-9]*')" ]
holds "but --bars takes them in" [ $? -eq 0 ]

start "$demo"
expect "the ear is as it was set" '^ heard .* sensitivity +3'
key q q
expect_end "quit at once" 0

# ---- once more: everything is found again ----

start "$demo"
expect "the next take's number" 'take 5 '
expect "the drummer that was chosen" 'drummer #2'
expect "another song begins" "$sounding"
key q
expect "q asks" 'q once more'
key q
expect_end "q twice quits during a take" 0

start "$demo"
appears 'take 6 '
holds "the interrupted take was kept" [ $? -eq 0 ]
key C-c
expect_end "an interrupt leaves the terminal as it was" 130

start "env NO_COLOR=1 LC_ALL=C $demo"
expect "a terminal without UTF-8" '^-----------'
screen | LC_ALL=C grep -q '[^ -~]'
[ $? -eq 1 ]
holds "nothing but ASCII there" [ $? -eq 0 ]
kill -TERM "$(cat pid)"
expect_end "a termination leaves the terminal as it was" 143

