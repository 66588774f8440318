#!/bin/sh
# After the take: its verdict, the map of bars by takes, the lesson. Takes of a virtual guitarist,
# played before; real keys in a real terminal.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"

cp "$root/assets/demo.mid" tune.mid
for take in 1 2 3; do
    rolypoly take tune.mid --session s.db --guitar virtual:rusher --bars 1-40 >out || exit 1
done
said=$(sed -n 's/^  \([A-Z][a-z]*: [0-9.]* ms apart.*\)/\1/p' out)
[ -n "$said" ]
holds "take says its verdict" [ $? -eq 0 ]
rolypoly history s.db --take 3 | grep -qF "  $said"
holds "and history the same" [ $? -eq 0 ]
rolypoly history s.db --take 3 --json | grep -qF "\"remarks\":[\"$said\""
holds "and its JSON" [ $? -eq 0 ]

open_terminal 80 24
start rolypoly s.db --silent --guitar virtual:rusher
expect "the stage" 'next take 4'
key h
expect "the history" '3 takes, 1 drummer'
key Enter
expect "a take is looked at" '^ Take 3 .* undecided'
screen | grep -qF "$said"
holds "the screen says the same" [ $? -eq 0 ]
expect "how much was heard" 'heard [0-9]* of [0-9]* expected notes'
expect "who came to whom" 'the drums came [0-9.]* ms to you'
expect "its bars" '^  3 [▁▂▃▄▅▆▇█·]'
expect "beside those of earlier takes" '^  1 [▁▂▃▄▅▆▇█·]'

key Down Down
expect "an older take beside it" '^▶ 1 '
expect "with its figures" 'take 1: [0-9.]* ms apart, undecided'
key Up Up
expect "or the last takes again" 'takes [▁▂▃▄▅▆▇█]*  take 2: [0-9.]*'
screen | grep -qE '^ bars? [0-9]+(-[0-9]+)? +[0-9]+ ms apart'
holds "the selected bar has a figure" [ $? -eq 0 ]
for _ in $(seq 40); do # to bar 1, wherever it stood
    screen | grep -q '^ bar 1 ' && break
    key Left
    sleep 0.05
done
key Right s Right Right
expect "bars are chosen as a stretch" '^ bars 2-4  s: that far'
key s x
expect "and left out" '^ bars 2-4 .* left out'
expect "where the map shows it" '^  3 .×××'
key x
expect "or taken in again" '^ bars 2-4 [^×]*[a-z]$'
expect_not "so that nothing is left out" '×'
size 60 20
expect "a smaller window" '^  3 [▁▂▃▄▅▆▇█·]'
expect "with what a lesson would be of" '^ a: learns from [0-9]* notes\|^ ! \|x leaves'
size 120 40
expect "a larger one has figures beside the bars" '^  1 *[0-9.]* ms   [▁▂▃▄▅▆▇█·]'
size 80 24
key a
expect "a lesson" 'learns from take 3\|has learnt from take 3'
expect "is learnt" 'Drummer #2 has learnt from take 3'
expect "its terms stay" '^ touch .*meeting .*expecting .*human'
expect "from the first epoch to the last" '[0-9.]* → [0-9.]* ms'
expect "and it is said what it was worth" '^ [A-Z].*\.$'
key h Up Enter
expect "the take is accepted" '^ Take 3 .* accepted'
expect "and has taught" 'the drummer has learnt from this take'
key r
expect "so it is not rejected" 'stays accepted'
key q
expect_end "and the terminal is as it was" 0

# ---- without UTF-8 ----

start env LC_ALL=C rolypoly s.db --silent --guitar virtual:rusher
expect "ASCII: the stage" 'next take 4'
key h Up Enter
expect "ASCII: the take" '^ Take 3 .* accepted'
expect "ASCII: its bars" '^  3 [-:_=+*%#.]'
screen | LC_ALL=C grep -q '[^ -~]'
holds "ASCII: nothing else" [ $? -ne 0 ]
key q
expect_end "ASCII: and out" 0
