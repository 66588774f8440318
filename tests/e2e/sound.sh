#!/bin/sh
# Sound cards: how they are listed and chosen, and the round trip measured, over a JACK server
# without hardware. A loop closed inside JACK is one period long, to the frame.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/jack.sh"

song tune.mid 4

# calibrate OPTIONS...: through a closed loop; its exit status is left in $status.
calibrate() {
    rolypoly calibrate "$@" >out 2>err &
    job=$!
    close_loop
    wait $job
    status=$?
}

for setting in 48000,64 44100,256 96000,256; do
    rate=${setting%,*} period=${setting#*,}
    start_server "$rate" "$period"
    calibrate --json
    holds "calibrate at $rate Hz, $period frames" [ "$status" -eq 0 ]
    holds "one JSON object at $rate Hz" is_json
    frames=$(value round_trip_frames)
    holds "the loop is $period frames at $rate Hz" \
        awk -v frames="$frames" -v period="$period" 'BEGIN { exit !(frames - period < 0.05 && period - frames < 0.05) }'
    holds "$rate Hz are told" [ "$(value rate)" = "$rate" ]
    works "a live take at $rate Hz" rolypoly take tune.mid --bars 1-1 --live --guitar virtual --session "$rate.db" --midi live.mid --json
    holds "is $rate Hz" [ "$(first rate)" = "$rate" ]
    holds "hears the guitar at $rate Hz" [ "$(first matched)" -ge 3 ]
    works "its replay at $rate Hz" rolypoly replay "$rate.db" --midi again.mid
    holds "is the same to the byte" cmp live.mid again.mid
    works "its export" rolypoly export "$rate.db" --take 1 -o export.mid
    holds "is the same too" cmp live.mid export.mid
    stop_server
done

start_server 48000 128
works "devices" rolypoly devices
holds "name the sound card" grep -q '^  1 \* system  *JACK  *2  *2  48 ' out
holds "and how to choose one" grep -q 'take a number or any part of a name' out
works "devices --json" rolypoly devices --json
holds "is one object" is_json
holds "with the number" [ "$(value number)" = 1 ]
refuses "a card that is not there" 1 "input named 'scarlett'" rolypoly calibrate --input scarlett
holds "names those that are" grep -q '^hint: there is 1 system' err
refuses "a rate that the server has not" 1 "'system' cannot run at 96000" rolypoly calibrate --rate 96000
holds "says which it has" grep -q '^hint: the sound server runs at 48000' err
refuses "a period that the server has not" 1 "128 frames a call, not 64" rolypoly calibrate --period 64
refuses "a channel that the card has not" 1 "channel 3 of 'system': it has 2" rolypoly calibrate --channel 3
refuses "channel 0" 2 "'0'.*--channel" rolypoly calibrate --channel 0
refuses "a rate beyond reason" 2 "'9'.*--rate" rolypoly calibrate --rate 9
refuses "calibration of nothing" 1 "no click came back" rolypoly calibrate --output 1 --channel 2
holds "says what to do" grep -q '^hint: connect output and input' err
calibrate
holds "calibrate in words" grep -q 'round trip  2.67 ms' out
holds "says that it is kept" grep -q '^kept: ' out
holds "for this sound card" grep -q '"input":"JACK: system".*"rate":48000,"period":128' config/rolypoly/calibration.json
holds "each rate and period for itself" [ "$(grep -o '"rate"' config/rolypoly/calibration.json | wc -l)" -eq 4 ]
works "a take remembers its sound card" rolypoly take tune.mid --bars 1-1 --live --session card.db --json
holds "by name" grep -q '"input":"JACK: system","output":"JACK: system","period":128,"round_trip":"measured"' out
works "and tells it" rolypoly history card.db --take 1
holds "in words" grep -q 'heard by JACK: system, played by JACK: system; round trip 2.7 ms measured' out
rolypoly calibrate >out 2>err &
job=$!
close_loop
sleep 1
kill -TERM $job
wait $job
holds "an interrupt ends it" [ $? -eq 1 ]
holds "and keeps nothing" grep -q 'cancelled: nothing is kept' err
rolypoly calibrate >out 2>err &
job=$!
close_loop
stop_server -KILL
wait $job
holds "a server that dies ends it" [ $? -eq 1 ]
holds "with a word" grep -q 'the sound card has vanished' err
refuses "calibration without a sound card" 1 "cannot measure the round trip: no sound card" rolypoly calibrate
