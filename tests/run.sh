#!/bin/sh
# Runs every test there is below $BUILD (default: build) and prints the sum as the last line:
# "N passed, N failed", with ", N skipped" where some were. Exit status 1 when any failed, or when
# there was nothing to run.
#
#   $BUILD/tests/*          unit tests (Check), one program a room
#   $BUILD/fuzz/fuzz_X      replays tests/fuzz/corpus/X
#   tests/e2e/*.sh          through the real program; lines "ok NAME", "not ok NAME", "skip NAME"
set -u
cd "$(dirname "$0")/.."

BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
export BUILD
export ROLYPOLY="$BUILD/rolypoly" ROLYPOLY_ASSETS="${ROLYPOLY_ASSETS:-$PWD/assets}"
export CK_TIMEOUT_MULTIPLIER="${CK_TIMEOUT_MULTIPLIER:-10}" # slow machines and sanitizers
limit=${LIMIT:-600}                                       # seconds for one program

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
log=$scratch/log
passed=0 failed=0 skipped=0

# run NAME COMMAND...: its output in $log, its exit status in $status.
run() {
    printf '%s' "== $1"
    started=$(date +%s)
    shift
    timeout -k 10 "$limit" "$@" >"$log" 2>&1 </dev/null
    status=$?
    [ $status -eq 124 ] && echo "took longer than $limit s" >>"$log"
    printf ' (%d s)\n' $(($(date +%s) - started))
}

count() {
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    [ "$2" -eq 0 ] || cat "$log"
}

# Check says "97%: Checks: 40, Failures: 1, Errors: 0"; a program that says nothing failed.
for test in "$BUILD"/tests/*; do
    [ -f "$test" ] && [ -x "$test" ] || continue
    run "${test##*/}" "$test"
    sums=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$log" | tail -n 1)
    if [ -z "$sums" ]; then
        count 0 1 0
        continue
    fi
    # shellcheck disable=SC2086 # three numbers
    set -- $sums
    bad=$(($2 + $3))
    good=$(($1 - bad))
    [ $status -ne 0 ] && [ $bad -eq 0 ] && bad=1 # a sanitizer's complaint at the end
    count $good $bad 0
done

for fuzzer in "$BUILD"/fuzz/fuzz_*; do
    [ -f "$fuzzer" ] && [ -x "$fuzzer" ] || continue
    name=${fuzzer##*/fuzz_}
    run "fuzz corpus: $name" "$fuzzer" "tests/fuzz/corpus/$name"
    if [ $status -eq 0 ]; then count 1 0 0; else count 0 1 0; fi
done

for script in tests/e2e/*.sh; do
    [ -f "$script" ] || continue
    run "$(basename "$script" .sh)" sh "$script"
    good=$(grep -c '^ok ' "$log") bad=$(grep -c '^not ok ' "$log") skips=$(grep -c '^skip ' "$log")
    [ $status -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    [ "$skips" -eq 0 ] || grep '^skip ' "$log"
    count "$good" "$bad" "$skips"
done

if [ $skipped -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ $failed -eq 0 ] && [ $passed -gt 0 ]
