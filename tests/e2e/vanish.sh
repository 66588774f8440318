#!/bin/sh
# A sound card that vanishes in the middle of a take: the take is kept, and the rehearsal goes on,
# with sound when that is back and without it when it is not. On a real terminal (tmux), over a JACK
# server that is killed.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"
. "$root/tests/e2e/lib/jack.sh"
trap 'terminal kill-server 2>/dev/null; stop_server -KILL; rm -rf "$here"' EXIT

start_server 48000 128
open_terminal 100 30
start rolypoly demo --session s.db --input system --output system
expect "a take is played through JACK" "$sounding"
key ']'
stop_server -KILL
expect "the loss is told, and the take kept" 'the sound card has vanished; take 1 is kept; space goes on'
pid=$(cat pid)
key space
expect "without a server the screen stays" 'the sound card is not back'
expect "and is silent" 'no sound card: silent'
key space
expect "a take can be played so" "$sounding"
key space
expect "and is kept too" '^ Take 2 '
start_server 44100 256
key space
expect "when the server is back there is sound" 'there is sound again: JACK: system'
expect "and a take" "$sounding"
screen | grep -q 'take 3 '
holds "the third" [ $? -eq 0 ]
screen | grep -q 'leash 130'
holds "played as the player had set it" [ $? -eq 0 ]
holds "by what is the same process to its terminal" kill -0 "$pid"
key q
sleep 0.3
key q
expect_end "the end" 0
works "all three takes are there" rolypoly history s.db --json
holds "in the session" [ "$(grep -o '"take":[0-9]*,"status"' out | wc -l)" -eq 3 ]
