#!/bin/sh
# Builds every fuzzer with clang and libFuzzer and lets each run for a minute (or SECONDS_EACH),
# beginning with its corpus. New finds are kept below the build folder, the committed corpus is
# not touched. A crash stops the script and leaves its input beside the finds.
set -eu

build=${BUILD:-build}/libfuzzer
for source in tests/fuzz/fuzz_*.c; do
    fuzzer=$(basename "$source" .c)
    name=${fuzzer#fuzz_}
    make --no-print-directory CC=clang SAN=fuzzer,address CFLAGS='-O1 -g -DLIBFUZZER' \
        BUILD="$build" "$build/fuzz/$fuzzer"
    mkdir -p "$build/found/$name"
    echo "== $name"
    "$build/fuzz/$fuzzer" -max_total_time="${SECONDS_EACH:-60}" -timeout=20 -rss_limit_mb=2048 \
        -artifact_prefix="$build/found/$name-" -print_final_stats=1 \
        "$build/found/$name" "tests/fuzz/corpus/$name"
done
