#!/bin/sh
# A short take live on a JACK server, every hit measured; `make test-live` plays for longer.
root=$(cd "$(dirname "$0")/../.." && pwd)
sh "$root/tests/live/live.sh" 20 128 | sed 's/^\(ok\|not ok\) /\1 live: /'
