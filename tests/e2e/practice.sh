#!/bin/sh
# Bars that are practised: by command, and on the screen with real keys, a virtual guitarist and no
# sound card.
. "$(dirname "$0")/lib/common.sh"

song tune.mid 8
passes() { grep -o "\"pass\":$1,*" out | wc -l; }

# ---- by command ----

works "a loop" rolypoly take tune.mid --guitar virtual --bars 3-4 --loop 4 --tempo 80 --ramp 10 --json
holds "has four passes" [ "$(value passes_played)" = 4 ]
works "its history" rolypoly history tune.mid --take 1 --json
holds "tells each step's pass" [ "$(passes 1)" -gt 0 -a "$(passes 1)" -eq "$(passes 4)" ]
works "it plays again" rolypoly replay tune.mid --take 1
works "a lesson of it" rolypoly accept tune.mid --take 1
works "its MIDI" rolypoly export tune.mid --take 1 -o loop.mid
holds "is the song's" [ "$(head -c 4 loop.mid)" = MThd ]
works "a vamp that the guitar ends" rolypoly take tune.mid --guitar virtual --vamp 3-4 --json
holds "after its first pass" [ "$(value passes_played)" = 1 ]
works "a vamp plays again" rolypoly replay tune.mid
works "a vamp that nobody ends" rolypoly take tune.mid --bars 1-4 --vamp 3-3 --loop 5 --json
holds "goes on after the last pass" [ "$(value passes_played)" = 5 ]
works "drums that drop out" rolypoly take tune.mid --guitar virtual --drop 2/2
grep -q '^  without drums in bars 3 to 4: drifted [0-9]* ms \(late\|early\)' out
holds "say how far the guitar drifted" [ $? -eq 0 ]
works "a click and a long count-in" rolypoly take tune.mid --click --count-in 4 --out click.wav
refuses "a ramp without a loop" 1 "a ramp needs a loop" rolypoly take tune.mid --ramp 5
refuses "a vamp elsewhere" 1 "not among the bars" rolypoly take tune.mid --bars 5-8 --vamp 3-4
refuses "bars that are not there" 1 "no drum is hit" rolypoly take tune.mid --bars 20-24 --loop 2
refuses "a count-in for ever" 2 "from 0 to 8" rolypoly take tune.mid --count-in 9
refuses "half a drill" 2 "like 4/2" rolypoly take tune.mid --drop 4

# ---- on the screen ----

. "$root/tests/e2e/lib/screen.sh"
open_terminal 80 24
start "rolypoly tune.mid --silent --guitar virtual --session s.db --count-in 0"
expect "the stage" 'next take 1'
key l
expect "the practice view" '^ Practice  all of the song, once'
key Right Right Down
key Left Left Left Left
expect "a loop is marked by its ends" '^ Practice  bars 3-4'
key Down Right Right
expect "and played so often" 'bars 3-4, 3 times'
key Down Right Right Right Right Down Right Right Right Right Right
expect "from tempo to tempo" '120 to 130 %'
size 60 20
expect "on a small screen too" '^   click *off'
size 80 24
key Escape
expect "the stage says what the next take is" 'bars 3-4, 3 times'
type_in ':passes 400'
key Enter
expect "what cannot be is refused" 'passes is a number from 1 to 99, not 400'
type_in ':passes 2'
key Enter
expect "and typed like any command" 'bars 3-4, 2 times'
type_in ':pas 3'
key Enter
expect "by its beginning, too" 'bars 3-4, 3 times'
key space
expect "the first pass" 'pass 1 of 3  120 %'
expect "the second is faster" 'pass 2 of 3  125 %'
key k
expect "a click" 'every beat clicks'
key n
expect "the last time round" 'LAST TIME'
expect "ends the take" '^ Take 1 .*undecided'
expect "a bar that was played is selected" '^ bars\? [34]'
works "two passes were played" rolypoly history s.db --take 1 --json
holds "and no third" [ "$(passes 2)" -gt 0 -a "$(passes 3)" -eq 0 ]
works "it plays again" rolypoly replay s.db --take 1
key Enter
expect "a bar of the take is practised, with its section" '^ Practice  bars 1-8'
key x
expect "all of the song" 'all of the song, once'
key Up Up Up Right Up Left Left
expect "drums are out" 'drums 2 in, 1 out'
key space
expect "they vanish" 'D R U M S   O U T'
expect "and the drift is told" 'drifted [0-9]* ms \(late\|early\)'
key space
expect "the take is kept, and judged by it" 'without drums: [0-9]* ms'
key q
expect_end "quits" 0

start "rolypoly tune.mid --silent --session v.db --count-in 0 --vamp 1-2"
expect "a vamp is set" 'until you have come in'
key space
expect "it waits" 'w a i t i n g   f o r   y o u'
key n
expect "until it is told" 'the song goes on'
expect "and the song goes on" '^ bar [4-8] of 8'
key space
expect "it is kept" '^ Take 1 '
key q
expect_end "quits again" 0
