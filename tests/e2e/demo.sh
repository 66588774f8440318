# The demo without a terminal: three takes, two lessons, a table, and nothing left behind.
. "$(dirname "$0")/lib/common.sh"

mkdir tmp
export TMPDIR="$here/tmp"
works "the demo runs" rolypoly demo
cp out first
holds "it tells of three takes" [ "$(grep -c '#[123]' out)" -eq 3 ]
holds "the last drummer has learnt from the second take" grep -q '3 .*#3, .*take 2' out
works "the demo runs again" rolypoly demo
holds "and says the same" cmp out first
holds "nothing is left behind" sh -c '[ -z "$(ls tmp)" ]'
works "the demo as JSON, in a session to keep" rolypoly demo --json --session demo.db
holds "is one object" is_json
works "which then has three takes" rolypoly history demo.db --json
holds "and three drummers" [ "$(value current) $(grep -o '"status":"accepted"' out | wc -l)" = "3 2" ]
