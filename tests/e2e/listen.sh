#!/bin/sh
# Listening again: the guitar kept with its take, played back on the screen, two drummers blindly,
# and what goes wrong with it.
. "$(dirname "$0")/lib/common.sh"

song tune.mid 8

# ---- kept, written out, heard again ----

works "a take with a guitar" rolypoly take tune.mid --guitar virtual:swinger --session s.db --json
holds "keeps its sound" [ "$(value recording_bytes)" -gt 100000 ]
heard=$(value onsets)
works "the guitar is written out" rolypoly export s.db --take 1 --guitar guitar.wav
works "and heard by another session" rolypoly take tune.mid --guitar guitar.wav --session t.db --json
holds "as it was heard then" [ "$(($(value onsets) - heard))" -ge -1 -a "$(($(value onsets) - heard))" -le 1 ]
works "MIDI and guitar at once" rolypoly export s.db --take 1 -o o.mid --guitar g.wav
holds "are two files" [ -s o.mid -a -s g.wav ]
refuses "one name for both" 1 "name one file" rolypoly export s.db --take 1 -o o.mid --guitar o.mid
refuses "a guitar of no take" 2 "of which take" rolypoly export s.db --guitar g.wav
works "a replay" rolypoly replay s.db --out mix.wav
works "a take that keeps none" rolypoly take tune.mid --guitar virtual --session s.db --no-recording --json
holds "has none" [ "$(value recording_bytes)" = 0 ]
refuses "which is said" 1 "take 2 was not recorded" rolypoly export s.db --take 2 --guitar g.wav
works "a replay of it" rolypoly replay s.db --take 2 --out drums.wav
holds "has the drums alone" sh -c '[ "$(rolypoly onsets drums.wav --drums drums.wav | tail -n 1 | cut -d " " -f 1)" -lt 5 ]'
rolypoly onsets mix.wav --drums drums.wav >out
holds "and the first one has the guitar" [ "$(tail -n 1 out | cut -d ' ' -f 1)" -gt 10 ]
works "nobody plays" rolypoly take tune.mid --session s.db --json
holds "and nothing is kept" [ "$(value recording_bytes)" = 0 ]

works "a lesson" rolypoly accept s.db --take 1
works "the new drummer plays to the old guitar" rolypoly replay s.db --take 1 --checkpoint 2 --midi new.mid
works "the old one to it" rolypoly replay s.db --take 1 --checkpoint 1 --midi old.mid
works "as he did" rolypoly replay s.db --take 1 --midi own.mid
holds "to the byte" cmp -s old.mid own.mid
holds "and they are two" sh -c '! cmp -s old.mid new.mid'
refuses "a drummer that is not there" 1 "has no checkpoint 9" rolypoly replay s.db --take 1 --checkpoint 9

# ---- what goes wrong ----

cp s.db bad.db
if command -v sqlite3 >/dev/null; then
    sqlite3 bad.db "UPDATE take_recording SET bytes = x'664c614300000022'"
    refuses "damaged sound" 1 "take 1: cannot read 'guitar.flac'" rolypoly export bad.db --take 1 --guitar g.wav
    refuses "in a mix too" 1 "take 1: cannot read 'guitar.flac'" rolypoly replay bad.db --take 1 --out m.wav
    works "but not where nobody hears it" rolypoly replay bad.db --take 1
    sqlite3 bad.db "UPDATE take_recording SET bytes = CAST('RIFF....WAVEfmt ' AS BLOB), first_frame = 1 << 60"
    refuses "a hostile beginning" 1 "begins out of range" rolypoly export bad.db --take 1 --guitar g.wav
else
    echo "skip $suite: sqlite3 is not installed"
fi
rolypoly take tune.mid --guitar virtual --session full.db --no-recording >/dev/null
room=$(($(stat -c %s full.db) / 512 + 600)) # enough for what was played, too little for its sound
(
    ulimit -f $room
    trap '' XFSZ
    rolypoly take tune.mid --guitar virtual --session full.db
) >out 2>err
holds "a disk too full for the sound keeps the take" [ $? -eq 0 ]
holds "and says so" grep -q "the guitar's sound is not kept with the take: " err
works "which can be read" rolypoly replay full.db --take 2

# ---- on the screen ----

. "$root/tests/e2e/lib/screen.sh"

open_terminal 80 24
start "rolypoly s.db --silent --guitar virtual"
expect "a session on the screen" 'space: play'
key h Up Up Up
expect "its history" 'take 1 .* accepted'
key p
expect "a take is listened to" '^ Listening to take 1 .* 0:0[1-9]'
expect "both are heard" '● DRUMS   ○ GUITAR'
key d
expect "the drums alone" '● DRUMS   · guitar'
key g
expect "the guitar alone" '· drums   ○ GUITAR'
type_in '+'
expect "a louder one" '○ GUITAR +3 dB'
key b
expect "both again" '● DRUMS   ○ GUITAR +3 dB'
type_in '-'
key l
expect "a loop" 'round and round bars [1-8]-[1-8]'
key Down
expect "of one bar" 'round and round bar [1-8]'
key Up Up Right
expect "of three, further on" 'round and round bars [2-6]-[4-8]'
key space
expect "a pause" 'Listening to take 1 .* paused'
key x
expect "there is one drummer" 'one drummer is heard here'
key '?'
expect "help over it" 'hear the guitar alone'
key Escape
expect "and back" 'Listening to take 1'
size 60 20
expect "a small screen" '^ Listening to take 1 .* paused'
size 80 24
key Escape
expect "back in the history" '^ [0-9] takes, 2 drummers'
key Down
key p
expect "a take without a recording" 'the drums alone: it was not recorded'
key g
expect "has no guitar to hear" 'there is no guitar to hear'
key Escape Escape
key space
expect "a take ends all listening" '^ count-in\|^ bar 1 of'
expect "the song" "$sounding"
key space
expect "a verdict" '^ Take [0-9]* .* undecided'
key p
expect "is listened to at once" '^ Listening to take [0-9]'
expect "with its guitar" '● DRUMS   ○ GUITAR'
key Escape
key a
expect "a lesson" 'Drummer #3 has learnt'
key b
expect "two drummers, blindly" '^ Which drummer? .* by #2 and by #3'
expect "A sounds first" 'x: the other one, at once\|Nobody could tell them apart'
key x
expect "then B" '██ '
key Escape
expect "nothing is decided by leaving" 'nothing was decided: drummer #3 plays on'
key b
expect "once more" 'enter: this one goes on'
key Escape Escape
expect "back on the stage" 'space: play'
key b
expect "and from there" 'enter: this one goes on'
key Enter
expect "a choice" '^ A it is: the \(new\|old\) drummer, #[23]'
chosen=$(screen | sed -n 's/^ A it is: the [a-z]* drummer, #\([23]\).*/\1/p')
expect "tells who was who" "^ A was the [a-z]* #$chosen"
key Escape q
expect_end "quit" 0
rolypoly history s.db --json >out
holds "the one that was chosen plays" [ "$(value current)" = "$chosen" ]
