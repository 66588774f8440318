# The program is killed in the middle of a take and of a lesson: the session stays good. Ctrl-C and
# a terminate signal end both with a sentence, and nothing is stored.
. "$(dirname "$0")/lib/common.sh"

song long.mid 200
works "a take to begin with" rolypoly take long.mid --guitar virtual --session s.db --bars 1-40

takes() {
    rolypoly history s.db --json >out 2>err && grep -o '"status":' out | wc -l | tr -d ' '
}
current() {
    rolypoly history s.db --json >out 2>err && value current
}

# until_it_runs PID: waits until the process has used some processor time, so that a signal hits work.
until_it_runs() {
    tries=0
    while [ $tries -lt 200 ] && kill -0 "$1" 2>/dev/null; do
        ticks=$(awk '{ print $14 }' "/proc/$1/stat" 2>/dev/null || echo 0)
        [ "${ticks:-0}" -ge "$2" ] && return
        tries=$((tries + 1))
        sleep 0.01
    done
}

for ticks in 1 5 12; do
    rolypoly accept s.db --epochs 1000 >/dev/null 2>&1 &
    until_it_runs $! $ticks
    kill -9 $!
    wait $! 2>/dev/null
    holds "killed in a lesson at tick $ticks: nothing was learnt" [ "$(current)" = 1 ]
    rolypoly take long.mid --guitar virtual --session s.db --out mix.wav >/dev/null 2>&1 &
    until_it_runs $! $ticks
    kill -9 $!
    wait $! 2>/dev/null
    holds "killed in a take at tick $ticks: no take was stored" [ "$(takes)" = 1 ]
    holds "and no half a mix is called one" [ ! -e mix.wav ]
    rm -f mix.wav.part
done

rolypoly accept s.db --epochs 1000 >out 2>err &
until_it_runs $! 10
kill -INT $! 2>/dev/null || kill -TERM $!
kill -TERM $! 2>/dev/null
wait $!
holds "a lesson that is told to stop fails" [ $? -ne 0 ]
holds "nothing was learnt" [ "$(current)" = 1 ]
rolypoly take long.mid --guitar virtual --session s.db --out mix.wav >out 2>err &
until_it_runs $! 10
kill -TERM $!
wait $!
holds "a take that is told to stop fails" [ $? -eq 1 ]
holds "and says so" grep -q '^rolypoly: .*cancelled' err
holds "no take was stored" [ "$(takes)" = 1 ]
holds "no mix is left, nor a part of one" sh -c '! ls | grep -q mix'

(trap '' HUP; exec rolypoly take long.mid --guitar virtual --session nohup.db >out 2>err) &
until_it_runs $! 10
kill -HUP $!
wait $!
holds "nohup: a take outlives its terminal" [ $? -eq 0 ]

works "the lesson is learnt at last" rolypoly accept s.db --epochs 1
holds "the new drummer is current" [ "$(current)" = 2 ]
works "and plays" rolypoly take long.mid --guitar virtual --session s.db --bars 1-8
