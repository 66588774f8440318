# doctor, and a live take without the screen.
. "$(dirname "$0")/lib/common.sh"

song tune.mid 1

works "doctor" rolypoly doctor --silent
holds "knows that nothing will be heard" grep -q '^bad  *sound: ' out
holds "says what to do" grep -q '^ *-> .*JACK' out
holds "has found the drums or says how to" grep -q 'drums: /\|fluid-soundfont-gm' out
works "doctor as JSON" rolypoly doctor --silent --json
holds "doctor says one JSON object" is_json
for key in checks topic grade text remedy worst device rate period callback_pct wakeup_late_pct \
    xruns realtime memory_locked; do
    grep -q "\"$key\":" out || not_ok "doctor's JSON has $key"
done
holds "silence is the worst" [ "$(value worst)" = bad ]
holds "the engine was at work" sh -c '! grep -q "\"callback_pct\":{\"p50\":0," out'
holds "no session was made" [ "$(find . -name '*.db' | wc -l)" -eq 0 ]
printf x >file
holds "takes that cannot be kept are told" sh -c \
    'XDG_DATA_HOME=$PWD/file rolypoly doctor --silent | grep -q "^bad  *takes: "'
holds "drums that are not there are told" sh -c \
    'rolypoly doctor --silent --soundfont none.sf2 | grep -q "^bad  *drums: "'

works "a live take" rolypoly take tune.mid --live --silent --guitar virtual --json
holds "has the whole song" [ "$(value steps) $(value hits)" = "8 12" ]
holds "tells how long the blocks took" grep -q '"callback_pct":{"p50":[0-9.e-]*,"p99"' out
works "and plays again" rolypoly replay tune.mid
works "in words" rolypoly take tune.mid --live --silent
holds "too" grep -q 'each block took' out
refuses "its mix" 2 "live take" rolypoly take tune.mid --live --silent --out mix.wav
for option in "--rate 44100" "--period 64" "--input 1" "--output 1" "--channel 2" --silent; do
    refuses "$option without --live" 2 "live take" rolypoly take tune.mid $option
done
song long.mid 16
rolypoly take long.mid --live --silent --json >out 2>err &
sleep 4
kill -TERM $! # a shell's background jobs ignore INT
wait $!
holds "stopped by hand it is kept" [ $? -eq 0 ]
holds "as far as it went" [ "$(value take)" = 1 ]
holds "and no further" [ "$(value steps)" -lt 100 ]
