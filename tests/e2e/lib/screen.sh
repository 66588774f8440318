# The program on a real terminal (tmux), for scripts that have read common.sh: keys go in, the
# screen comes out as text.
command -v tmux >/dev/null || { echo "skip $suite: tmux is not installed"; exit 0; }

patience=${PATIENCE:-30} # seconds until a screen is given up
export LC_ALL=C.UTF-8 TERM=xterm
unset NO_COLOR

terminal() { tmux -u -S "$here/tmux" "$@"; }
screen() { terminal capture-pane -p; }
key() { terminal send-keys "$@"; }
type_in() { terminal send-keys -l "$1"; }
size() { terminal resize-window -x "$1" -y "$2"; }

# open_terminal COLS ROWS: a shell in this script's folder.
open_terminal() {
    terminal new-session -d -x "$1" -y "$2" -c "$here" "PS1='\$ ' sh" 9>&- || exit 1
    terminal set-option -g status off >/dev/null
}
trap 'terminal kill-server 2>/dev/null; rm -rf "$here"' EXIT

# Waits until the screen holds a line that matches.
appears() {
    tries=$((patience * 10))
    until screen | grep -q -- "$1"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

# expect NAME PATTERN: it appears. expect_not NAME PATTERN: it is not there now.
expect() {
    if appears "$2"; then ok "$1"; else not_seen "$1" "$2"; fi
}
expect_not() {
    if screen | grep -q -- "$2"; then not_seen "$1" "not $2"; else ok "$1"; fi
}
not_seen() {
    not_ok "$1" "wanted: $2"
    screen | sed 's/^/    | /'
}

# Runs a command in the pane; what it leaves behind tells how the terminal was given back. Its
# process is in ./pid.
cat >run.sh <<'RUN'
trap : INT # meant for the program
echo before the rehearsal
stty -g >stty.before
sh -c 'echo $$ >pid; exec "$@"' run "$@"
status=$?
stty -g >stty.after # before the word that is waited for
echo ended with $status
RUN

start() {
    key clear Enter
    type_in "sh run.sh $*"
    key Enter
}

# expect_end NAME STATUS: the shell's screen is back, and the terminal is as it was.
expect_end() {
    if appears "^ended with $2$" && screen | grep -q 'before the rehearsal$' &&
        [ -s stty.after ] && cmp -s stty.before stty.after; then
        ok "$1"
    else
        not_seen "$1" "the shell, after status $2"
    fi
    rm -f stty.after
}

sounding='^ bar [0-9]* of .* 0:\(0[1-9]\|[1-5][0-9]\) of' # past its first second
