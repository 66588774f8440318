#!/bin/sh
# A sound card that vanishes in the middle of a take: the take is kept, and the rehearsal goes on,
# with sound when that is back and without it when it is not. On a real terminal (tmux), over a JACK
# server that is killed.
. "$(dirname "$0")/lib/common.sh"
command -v tmux >/dev/null || { echo "skip $suite: tmux is not installed"; exit 0; }
. "$root/tests/e2e/lib/jack.sh"

export LC_ALL=C.UTF-8 TERM=xterm
unset NO_COLOR
terminal() { tmux -u -S "$here/tmux" "$@"; }
screen() { terminal capture-pane -p; }
key() { terminal send-keys "$@"; }
trap 'terminal kill-server 2>/dev/null; stop_server -KILL; rm -rf "$here"' EXIT

# expect NAME PATTERN: within half a minute the screen holds a line that matches.
expect() {
    tries=300
    until screen | grep -q -- "$2"; do
        tries=$((tries - 1))
        if [ $tries -eq 0 ]; then
            not_ok "$1"
            screen | sed 's/^/    # /'
            return
        fi
        sleep 0.1
    done
    ok "$1"
}

sounding='^ bar [0-9]* of .* 0:\(0[1-9]\|[1-5][0-9]\) of' # past its first second

cat >run.sh <<'RUN'
sh -c 'echo $$ >pid; exec "$@"' run "$@"
echo ended with $?
RUN

start_server 48000 128
terminal new-session -d -x 100 -y 30 -c "$here" "PS1='\$ ' sh" 9>&- || exit 1
terminal set-option -g status off >/dev/null
key -l "sh run.sh rolypoly demo --session s.db --input system --output system"
key Enter
expect "a take is played through JACK" "$sounding"
expect "it says so" 'JACK: system'
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
expect "the end" '^ended with 0$'
works "all three takes are there" rolypoly history s.db --json
holds "in the session" [ "$(grep -o '"take":[0-9]*,"status"' out | wc -l)" -eq 3 ]
