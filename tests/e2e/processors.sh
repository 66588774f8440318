# The kernels on processors this machine may not have: the test program itself, emulated, because
# only a processor's own word decides which version of a kernel is taken.
. "$(dirname "$0")/lib/common.sh"

tests=${BUILD:-$root/build}/tests/model
emulator=$(command -v qemu-x86_64 || command -v qemu-x86_64-static)

# kernels_on NAME PROCESSOR
kernels_on() {
    if [ -z "$emulator" ] || [ ! -x "$tests" ] || [ "$(uname -m)" != x86_64 ]; then
        echo "skip $suite: $1 (qemu-user is not installed)"
    elif nm "$tests" 2>/dev/null | grep -q __asan_init; then
        echo "skip $suite: $1 (a sanitizer's build)"
    else
        CK_FORK=no CK_RUN_SUITE=kernels CK_RUN_CASE=kernels "$emulator" -cpu "$2" "$tests" >out 2>err
        holds "$1" grep -q '^100%: Checks: [1-9]' out
    fi
}
kernels_on "the kernels without AVX" qemu64
kernels_on "the kernels with AVX2" Haswell

compiler=aarch64-linux-gnu-gcc
if command -v $compiler >/dev/null; then
    for source in matmul attention pointwise adam filter; do
        $compiler -std=c11 -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -I"$root/src" -c -o arm.o \
            "$root/src/model/$source.c" || echo "$source.c"
    done >out 2>&1
    holds "the kernels compile for NEON" [ ! -s out ]
else
    echo "skip $suite: the kernels compile for NEON ($compiler is not installed)"
fi
