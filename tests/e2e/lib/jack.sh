# A JACK server of the test's own, on the dummy driver. After common.sh.
server=rolypoly-e2e
export JACK_DEFAULT_SERVER=$server JACK_NO_START_SERVER=1 JACK_NO_AUDIO_RESERVATION=1
server_pid=

command -v jackd >/dev/null && command -v jack_connect >/dev/null || {
    echo "skip $suite: jackd is not installed"
    exit 0
}
exec 9>/tmp/rolypoly-e2e.lock # one such server at a time on this machine
if command -v flock >/dev/null; then flock 9; fi

stop_server() {
    [ -z "$server_pid" ] || kill "${1:--TERM}" "$server_pid" 2>/dev/null
    [ -z "$server_pid" ] || wait "$server_pid" 2>/dev/null
    server_pid=
}
trap 'stop_server -KILL; rm -rf "$here"' EXIT

# start_server RATE PERIOD
start_server() {
    jackd -r -S -n "$server" -d dummy -r "$1" -p "$2" >jackd.log 2>&1 9>&- &
    server_pid=$!
    jack_wait -s "$server" -w -t 10 >/dev/null 2>&1 || {
        echo "skip $suite: jackd does not start here"
        exit 0
    }
}

# Connects the program's left output with its input, once it has them.
close_loop() {
    tries=100
    until jack_connect PortAudio:out_0 PortAudio:in_0 >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}
