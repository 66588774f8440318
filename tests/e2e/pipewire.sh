#!/bin/sh
# PipeWire by its two faces, JACK's and ALSA's: a server of the test's own, without hardware and
# out of the user's way, with a null sink whose monitor is the input.
if [ -z "${OWN_BUS:-}" ] && command -v dbus-run-session >/dev/null; then
    OWN_BUS=yes exec dbus-run-session -- sh "$0" # WirePlumber wants a message bus
fi
. "$(dirname "$0")/lib/common.sh"

for tool in pipewire wireplumber pw-jack pw-link dbus-run-session jack_lsp; do
    command -v $tool >/dev/null || { echo "skip $suite: $tool is not installed"; exit 0; }
done
song tune.mid 4
mkdir -p run config/pipewire/pipewire.conf.d
chmod 700 run
export XDG_RUNTIME_DIR="$here/run" XDG_STATE_HOME="$here/state" JACK_NO_START_SERVER=1
cat >config/pipewire/pipewire.conf.d/null.conf <<'CONF'
context.properties = { default.clock.rate = 48000 default.clock.quantum = 256 }
context.objects = [
    { factory = adapter
      args = { factory.name = support.null-audio-sink  node.name = null-card
               node.description = "Null Card"  media.class = Audio/Sink
               object.linger = true  audio.position = [ FL FR ] } }
]
CONF
pipewire >pipewire.log 2>&1 &
server=$!
sleep 0.5
wireplumber >wireplumber.log 2>&1 &
manager=$!
trap 'kill $manager $server 2>/dev/null; rm -rf "$here"' EXIT

tries=100
until pw-jack jack_lsp 2>/dev/null | grep -q 'Null Card:monitor_FL'; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "skip $suite: PipeWire does not start here"; exit 0; }
    sleep 0.1
done

works "devices by the JACK face" pw-jack rolypoly devices
holds "name the card and PipeWire" grep -q '^  1 \* Null Card  *PipeWire  *2  *2  48 ' out
for period in 128 512; do
    works "calibrate by the JACK face, $period frames" pw-jack rolypoly calibrate --period $period --json
    frames=$(value round_trip_frames)
    holds "the monitor is $period frames behind" \
        awk -v frames="$frames" -v period=$period 'BEGIN { exit !(frames - period < 0.05 && period - frames < 0.05) }'
    reported=$(value reported_ms)
    holds "what the driver reports is sane" awk -v ms="$reported" 'BEGIN { exit !(ms >= 0 && ms < 100) }'
done
refuses "a rate that the server has not" 1 "cannot run at 44100" pw-jack rolypoly calibrate --rate 44100
holds "says how to change it" grep -q 'clock.force-rate' err
works "a live take by the JACK face" pw-jack rolypoly take tune.mid --bars 1-1 --live --guitar virtual --session jack.db --json
holds "through the card" grep -q '"output":"PipeWire: Null Card"' out

works "devices by the ALSA face" rolypoly devices
holds "name PipeWire" grep -q '  PipeWire  *ALSA ' out
works "a live take by the ALSA face" rolypoly take tune.mid --bars 1-1 --live --guitar virtual --session alsa.db --input "ALSA: PipeWire" --output "ALSA: PipeWire" --rate 48000 --json
holds "through PipeWire" grep -q '"output":"ALSA: PipeWire"' out
holds "with every hit" [ "$(first deadline_misses)" = 0 ]
