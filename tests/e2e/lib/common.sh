# What the end-to-end scripts share. Each runs in a folder of its own, with a copy of the program
# outside the checkout, so that sessions land in that folder and not in the checkout's.
#
# A script prints "ok NAME", "not ok NAME" or "skip NAME" for everything it checks.
set -u

: "${ROLYPOLY:?the program to test}"
root=${root:-$(cd "$(dirname "$0")/../.." && pwd)}
export ROLYPOLY_ASSETS="${ROLYPOLY_ASSETS:-$root/assets}"
suite=$(basename "$0" .sh)
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
mkdir "$here/bin"
cp "$ROLYPOLY" "$here/bin/rolypoly"
PATH=$here/bin:$PATH
export XDG_DATA_HOME="$here/data" XDG_CONFIG_HOME="$here/config" XDG_STATE_HOME="$here/state"
cd "$here" || exit 1

ok() {
    echo "ok $suite: $1"
}

not_ok() {
    echo "not ok $suite: $1"
    shift
    [ $# -eq 0 ] || printf '    %s\n' "$@"
    for file in out err; do
        [ ! -s $file ] || sed "s/^/    $file: /" $file | cut -c 1-300 | head -n 20
    done
}

# works NAME COMMAND...: the command succeeds and says nothing on stderr.
works() {
    what=$1
    shift
    "$@" >out 2>err
    status=$?
    if [ $status -eq 0 ] && [ ! -s err ]; then ok "$what"; else not_ok "$what" "exit status $status of: $*"; fi
}

# holds NAME COMMAND...: a plain condition.
holds() {
    what=$1
    shift
    if "$@"; then ok "$what"; else not_ok "$what" "is not so: $*"; fi
}

# refuses NAME STATUS WORDS COMMAND...: it fails with this status, nothing on stdout, and one
# sentence "rolypoly: ...WORDS..." on stderr (WORDS is a basic regular expression).
refuses() {
    what=$1 wanted=$2 words=$3
    shift 3
    "$@" >out 2>err </dev/null
    status=$?
    if [ $status -eq "$wanted" ] && [ ! -s out ] && head -n 1 err | grep -q "^rolypoly: .*$words"; then
        ok "$what"
    else
        not_ok "$what" "exit status $status (not $wanted), or other words than '$words', of: $*"
    fi
}

# value KEY: the first value of a JSON key in ./out, as it is written there.
value() {
    sed -n "s/.*\"$1\":\\([^,}]*\\).*/\\1/p" out | head -n 1 | tr -d '"'
}

# first KEY: as value, but of the first such key in a line with several.
first() {
    grep -o "\"$1\":[^,}]*" out | head -n 1 | cut -d : -f 2- | tr -d '"'
}

is_json() {
    head -c 1 out | grep -q '{' && [ "$(wc -l <out)" -eq 1 ]
}

# song FILE BARS [TEMPO_PERCENT_OF_120]: a format 0 score, 96 ticks a quarter, in eighths: hat on all,
# kick on 1 and 3, snare on 2 and 4, a crash to begin with.
song() {
    events=$(awk -v bars="$2" -v bpm="$((120 * ${3:-100} / 100))" '
        function byte(value) { printf "\\%03o", value; n++ }
        function hit(delta, key, velocity) { byte(delta); byte(153); byte(key); byte(velocity) }
        BEGIN {
            us = int(60000000 / bpm)
            byte(0); byte(255); byte(81); byte(3)
            byte(int(us / 65536)); byte(int(us / 256) % 256); byte(us % 256)
            delta = 0
            for (bar = 0; bar < bars; bar++)
                for (eighth = 0; eighth < 8; eighth++) {
                    hit(delta, bar + eighth == 0 ? 49 : 42, eighth % 2 ? 60 : 80)
                    if (eighth % 4 == 0) hit(0, 36, 100)
                    if (eighth % 4 == 2) hit(0, 38, 96)
                    hit(24, 42, 0)
                    delta = 24
                }
            byte(24); byte(255); byte(47); byte(0)
            printf " %d\n", n
        }')
    bytes=${events% *} count=${events##* }
    # shellcheck disable=SC2059 # the bytes are the format
    {
        printf 'MThd\000\000\000\006\000\000\000\001\000\140MTrk\000\000'
        printf "\\$(printf %03o $((count / 256)))\\$(printf %03o $((count % 256)))"
        printf "$bytes"
    } >"$1"
}

# size FILE: its bytes.
size() {
    wc -c <"$1" | tr -d ' '
}
