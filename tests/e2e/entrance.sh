#!/bin/sh
# The guitar begins alone: `take --entrance` with a virtual guitarist and with files, and the screen.
. "$(dirname "$0")/lib/common.sh"

demo=$ROLYPOLY_ASSETS/demo.mid

# member JSON NAME: a number in it.
member() { sed -n "s/.*\"$2\":\\(-\\{0,1\\}[0-9.e-]*\\).*/\\1/p" "$1"; }
near() { awk -v a="$1" -v b="$2" -v most="$3" 'BEGIN { d = a - b; exit !(d < most && -d < most) }'; }

# ---- offline ----

rolypoly take "$demo" --session v.db --guitar virtual:swinger --entrance --json >v.json
holds "a virtual guitarist is joined" [ $? -eq 0 ]
[ "$(member v.json matched)" -gt 100 ]
holds "and the song goes on with him" [ $? -eq 0 ]
rolypoly replay v.db >again.txt 2>&1
holds "the take can be played again" [ $? -eq 0 ]

# A guitar of one note a beat, from 0.5 s on, as a MIDI file of 480 ticks in half a second.
# guitar FILE TICKS STRUMS
guitar() {
    awk -v ticks="$2" -v strums="$3" 'BEGIN {
        for (i = 0; i < strums; i++) {
            delta = i ? ticks - 100 : 480
            body = body sprintf("%02x%02x%02x%02x", 128 + int(delta / 128), delta % 128, 144, 50) \
                sprintf("%02x", i % 4 ? 80 : 100) sprintf("%02x%02x%02x%02x", 100, 128, 50, 0)
        }
        body = "00ff510307a120" body "00ff2f00"
        printf "4d546864000000060000000101e04d54726b%08x%s", length(body) / 2, body
    }' | sed 's/../\\\\x&/g' | xargs printf >"$1"
}
guitar beats.mid 600 8 # 0.625 s a beat
rolypoly take "$demo" --session m.db --guitar beats.mid --entrance --json >m.json
holds "eight beats are enough" [ $? -eq 0 ]
near "$(member m.json entrance_s)" 5.5 0.01
holds "and the drums come in on the ninth" [ $? -eq 0 ]
bpm=$(awk -v percent="$(member m.json tempo_percent)" 'BEGIN { print 104 * percent / 100 }')
near "$bpm" 96 0.5
holds "at its tempo" [ $? -eq 0 ]

guitar few.mid 600 4
rolypoly take "$demo" --session f.db --guitar few.mid --entrance 2>few.txt
[ $? -eq 1 ] && grep -q 'no beat was found' few.txt
holds "four are not: no beat was found" [ $? -eq 0 ]
rolypoly take "$demo" --session f.db --entrance 2>none.txt
[ $? -eq 2 ] && grep -q 'needs a guitar' none.txt
holds "an entrance needs a guitar" [ $? -eq 0 ]
rolypoly take "$demo" --session f.db --guitar few.mid --tempo 90 --entrance 2>tempo.txt
[ $? -eq 2 ] && grep -q 'brings its own' tempo.txt
holds "which brings its own tempo" [ $? -eq 0 ]

# ---- on the screen ----

. "$root/tests/e2e/lib/screen.sh"
open_terminal 80 24
start "rolypoly demo --silent --session s.db"
expect "the demo counts in" 'count-in [1-4] of'
key space
appears 'Take 1'
key Escape
appears 'space play'
key g
expect "the guitar is waited for" 'you begin, the drums come in'
expect "what it plays is heard" 'heard [1-9]'
key Escape
expect "it can be given up" 'space play'
key g
appears 'you begin, the drums come in'
key '?'
appears 'When you begin'
key h
appears 'History'
key Escape
expect "who looks elsewhere gives it up" 'space play.*you begin'
key g
expect "a beat is found" 'beats a minute'
expect "the drums are announced" 'the drums come in: '
expect "and come in" 'the drums come in: [0-9.]* beats a minute'
expect "the take runs" "$sounding"
key space
expect "and is kept as any other" '^ Take 2 .* undecided'
key q
expect_end "it ends" 0
