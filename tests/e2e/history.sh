#!/bin/sh
# The history on a real terminal (tmux): the tree, notes, search, two side by side, deletion; and
# the commands for the same.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"

song song.mid 24
take() { rolypoly take song.mid --guitar "virtual:$1" --session s.db >/dev/null 2>&1; }
learn() { rolypoly accept s.db --epochs 1 --take "$1" >/dev/null 2>&1; }
numbers() { rolypoly history s.db --json >out && grep -o '"take":[0-9]*,"status"' out | tr -dc '0-9\n' | tr '\n' ' '; }
current() { rolypoly history s.db --json >out && value current; }

# #1 played takes 1 and 2, and became #2 by 1 and #3 by 2; #3 played 3 and plays now.
take laid-back && learn 1 && rolypoly rollback s.db >/dev/null && take swinger && learn 2 && take laid-back
holds "three takes and three drummers to begin with" [ "$(current)" = 3 ]

# ---- commands ----

works "a note on a take" rolypoly note s.db --take 1 'rushed the bridge, schön'
works "a note on a drummer" rolypoly note s.db --checkpoint 2 "tuesday's"
works "a note is shown" rolypoly note s.db --take 1
holds "as it was written" grep -q '^take 1: rushed the bridge, schön$' out
works "the tree" rolypoly history s.db
holds "has branches" grep -q '^├─o #2 groove .* grown from #1, by take 1  "tuesday.s"$' out
holds "and an end" grep -q '^└─ take 3 ' out
holds "and its days" grep -q '^day  *takes  *mean  *best  *last$' out
LC_ALL=C rolypoly history s.db >out
holds "also in ASCII" grep -q '^|-o #2 groove' out
works "words are found" rolypoly history s.db --search 'THE BRIDGE'
holds "where they were noted" [ "$(grep -c take out)" = 1 ]
works "in JSON too" rolypoly history s.db --search bridge --json
holds "by number" grep -q '"found":{"takes":\[1\],"checkpoints":\[\]}' out
works "two takes" rolypoly compare s.db --takes 1,2
holds "bar by bar" grep -q '^  most in bar [0-9]* ([0-9.]* ms), ' out
works "two drummers" rolypoly compare s.db --checkpoints 2,3
holds "know what only one has learnt" grep -q '#3 has learnt, and #2 has not: take 2$' out
works "in JSON" rolypoly compare s.db --checkpoints 2,3 --json
holds "drum by drum" grep -q '"taught":\[\[1\],\[2\]\]' out
refuses "a note of two lines" 1 'a control character' rolypoly note s.db --take 1 'a
b'
refuses "a note on nothing" 2 'name a take' rolypoly note s.db x
refuses "one compared with itself" 2 'must be two numbers' rolypoly compare s.db --takes 1,1
refuses "takes that are not there" 1 'no take 9' rolypoly compare s.db --takes 1,9
refuses "a take that taught is not deleted" 1 'drummer #2 has learnt from it' \
    rolypoly delete s.db --take 1 --yes
refuses "nor the drummer that plays now" 1 'it plays now' rolypoly delete s.db --checkpoint 3 --yes
refuses "nor the one it grew from" 1 'grew from it' rolypoly delete s.db --checkpoint 1 --branch --yes
refuses "nor anything unasked" 1 'no terminal to ask at' rolypoly delete s.db --take 3

# ---- the screen ----

open_terminal 80 24
start rolypoly s.db --silent --guitar virtual
expect "the stage" 'space: play'
key h
expect "the history is a tree" '├─○ #2 groove  from #1, learnt take 1  "tuesday'
expect "with figures" '├─ take 1 .* ms .* accepted → #2 '
expect "and the days" 'ms by day .* best [0-9.]* ms today'
key Left Left Left
expect "what came before is a key away" '^ drummer #1 '
key Right Right
expect "as is what came of it" '^ drummer #2 '
key Down Down
expect "and the next lines" '^ take 3 .* by #3 '
key n
expect "a note is asked for" 'on this take:'
type_in 'zu laut'
key Left Left Left BSpace BSpace BSpace Home
type_in 'viel '
key Enter
expect "and kept" '└─ take 3 .*"viel zaut"'
key n Escape
expect "a note can be left as it was" '└─ take 3 .*"viel zaut"'
key /
type_in 'schön'
expect "search finds as one types" '1 found'
expect "and goes there" '^ "rushed the bridge, schön"'
key Escape c
expect "the first of two" 'take 1 and which other'
key Down c
expect "two takes side by side" 'take 1  *take 2'
expect "with the bars that differ" 'they differ most in bar'
key Escape
expect "and back" '3 takes, 3 drummers'
key d
expect "what taught is not deleted" 'drummer #3 has learnt from it'
key Down d
expect "nor asks deletion twice" 'delete drummer #2, for good? y deletes it'
key n Escape y
expect "another key means no" 'nothing is asked'
key d
expect "asked again" 'delete drummer #2'
key y
expect "it is deleted" 'drummer #2 is deleted'
expect "and gone" '3 takes, 2 drummers'
key Down Down d y
expect "a take too" 'take 3 is deleted'
expect "its number is not given again" 'next take 4 '
key m
expect "who plays is chosen" 'drummer #3 plays now'
size 60 20
expect "a small screen has all of it" 'c compare   n note   d delete   / find'
size 120 40
expect "a wide one the details beside" '│ drummer #3 plays now'
key Left Enter
expect "a take is looked at" '^ Take 2 '
key n
type_in 'the best'
key Enter
expect "and noted on" '^ Take 2 .*"the best"'
size 80 24
key q
expect_end "the history is left" 0
holds "two takes are left" [ "$(numbers)" = '1 2 ' ]
works "and the file is good" rolypoly history s.db --take 2
rolypoly take song.mid --guitar virtual --session s.db --bars 1-2 >/dev/null 2>&1
holds "the next take has a new number" [ "$(numbers)" = '1 2 4 ' ]
rolypoly reject s.db >out 2>err
holds "the last take is the last there is" grep -q '^take 4 is rejected' out

start rolypoly delete s.db --take 4
expect "deletion asks on a terminal" 'delete take 4, for good'
key n Enter
expect "no is no" 'nothing is deleted'
start rolypoly delete s.db --take 4
expect "it asks again" 'delete take 4, for good'
key y Enter
expect "yes is yes" 'deleted: take 4'
