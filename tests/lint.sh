#!/bin/sh
# The house rules that a machine can check. Every finding is one line; exit status 1 when there is
# one. QUICK=1 leaves out the slow tools (cppcheck, clang-tidy).
set -u
cd "$(dirname "$0")/.."

sources=$(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h' 'tests/*.c' 'tests/*.h')
code=$(git ls-files -co --exclude-standard 'src/*.c')
rooms=$(sed -n 's/^ROOMS *:= *//p' Makefile)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
findings=$scratch/findings
: >"$findings"

need() {
    command -v "$1" >/dev/null || {
        echo "lint: $1 is missing: sh tests/deps.sh lint" >&2
        exit 1
    }
}
need clang-format
need ctags

# ---- format
for file in $sources; do
    clang-format "$file" | cmp -s - "$file" || echo "$file: not in the house format (make format)"
done >>"$findings"

# ---- layers: an include points to the room itself or to one before it
# shellcheck disable=SC2086 # lists of names, here and below
grep -Hn '^#include "' $(git ls-files -co --exclude-standard 'src/*/*.c' 'src/*/*.h') |
    awk -F: -v rooms="$rooms" '
        BEGIN { n = split(rooms, list, " "); for (i = 1; i <= n; i++) rank[list[i]] = i }
        {
            split($1, path, "/"); from = path[2]
            target = $3; sub(/^#include "/, "", target); sub(/".*/, "", target)
            if (split(target, parts, "/") < 2 || !(parts[1] in rank))
                print $1 ":" $2 ": include \"" target "\" names no room"
            else if (rank[parts[1]] > rank[from])
                print $1 ":" $2 ": room " from " must not include room " parts[1]
        }' >>"$findings"

# ---- third-party headers: each in one room alone. Headers of the system are not listed.
grep -Hno '^#include <[^>]*>' $(git ls-files -co --exclude-standard 'src/*') |
    awk -F: '
        BEGIN {
            system_headers = "alloca assert complex ctype dirent dlfcn errno fcntl fenv float getopt " \
                "inttypes langinfo limits locale math poll pthread sched semaphore setjmp signal " \
                "stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib string strings " \
                "termios time unistd wchar wctype immintrin xmmintrin"
            n = split(system_headers, list, " ")
            for (i = 1; i <= n; i++) known[list[i] ".h"] = 1
        }
        {
            header = $3; sub(/^#include </, "", header); sub(/>.*/, "", header)
            if (header in known || header ~ /^sys\//) next
            split($1, path, "/")
            if (header in room && room[header] != path[2])
                print $1 ":" $2 ": <" header "> belongs to room " room[header] " alone"
            else room[header] = path[2]
        }' >>"$findings"

# ---- length: a file at most 600 lines, a function at most 80
wc -l $sources | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines, at most 600" }' >>"$findings"
ctags -x --kinds-C=f --_xformat='%F %n %{end} %N' $code |
    awk '$3 - $2 + 1 > 80 { print $1 ":" $2 ": " $4 "() has " $3 - $2 + 1 " lines, at most 80" }' >>"$findings"

# ---- promises: what is in the tree is finished
grep -nE 'TO''DO|FIX''ME|XX''X[^X]' $sources Makefile $(git ls-files -co --exclude-standard 'tests/*.sh' 'docs/*') |
    grep -v 'X\{6\}' >>"$findings"

# ---- static analysis
if [ -z "${QUICK:-}" ]; then
    need cppcheck
    need clang-tidy
    # missing includes are the system's; an "unused struct member" is used where cppcheck cannot see
    cppcheck -q -j2 --std=c11 --enable=warning,performance,portability --inline-suppr \
        --suppress=missingIncludeSystem --suppress=unusedStructMember -D_GNU_SOURCE \
        -DROLYPOLY_PREFIX='"/usr/local"' -Isrc --template='{file}:{line}: {message} [{id}]' \
        $code 2>>"$findings"
    # Left out: what argues about style (swappable parameters, narrowing, reserved names, strcmp
    # without == 0), what C11 has no better way for (annex K, memcpy into padded fields), and what
    # clang 14 gets wrong in C (va_list, sizeof of an array's pointer element).
    checks='-*,bugprone-*,clang-analyzer-*'
    for check in bugprone-easily-swappable-parameters bugprone-narrowing-conversions \
        bugprone-implicit-widening-of-multiplication-result bugprone-reserved-identifier \
        bugprone-suspicious-string-compare bugprone-not-null-terminated-result \
        bugprone-sizeof-expression clang-analyzer-valist.Uninitialized \
        clang-analyzer-optin.portability.UnixAPI clang-analyzer-security.insecureAPI.strcpy \
        clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling; do
        checks="$checks,-$check"
    done
    cflags=$(pkg-config --cflags $(sed -n 's/^LIBS *:= *//p' Makefile))
    tidy() {
        xargs -P2 -n8 sh -c 'clang-tidy --quiet --checks="$0" "$@" -- '"${1:-}"' -Isrc -std=c11 \
            -D_GNU_SOURCE -DROLYPOLY_PREFIX=\"/usr/local\" '"$cflags"' 2>/dev/null' "$checks" |
            grep -E '(warning|error):' | sed "s|^$PWD/||" | sort -u >>"$findings"
    }
    echo "$code" | grep -v '^src/base/error.c$' | tidy -Itests/lint
    echo src/base/error.c | tidy
fi

cat "$findings"
if [ -s "$findings" ]; then
    echo "lint: $(wc -l <"$findings") findings"
    exit 1
fi
echo "lint: nothing found"
