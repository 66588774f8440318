# The PyTorch twin (src/learn/torch) beside the program: one corpus, one checkpoint, one error; trained
# by two processes as by one; and what it trained plays.
. "$(dirname "$0")/lib/common.sh"

twin=$root/src/learn/torch
song tune.mid 8
mkdir drummers
echo "midi_filename,split,beat_type" >drummers/info.csv
for take in "a train beat 1" "b train fill 2" "c validation beat 3"; do
    # shellcheck disable=SC2086 # four words
    set -- $take
    works "recording $1" rolypoly humanise tune.mid -o "drummers/$1.mid" --expression 1 --seed "$4"
    echo "$1.mid,$2,$3" >>drummers/info.csv
done
works "what is learnt from is written" rolypoly pretrain drummers --export corpus.safetensors --json
holds "whole" [ "$(value recordings) $(value steps)" = "5 320" ] # one third to validate with, two on either grid
refuses "but not over a folder" 1 "'drummers': it is a folder" rolypoly pretrain drummers --export drummers

python=
for candidate in python3 /usr/bin/python3; do
    "$candidate" -c 'import numpy, torch' 2>/dev/null && python=$candidate && break
done
if [ -z "$python" ]; then
    echo "skip $suite: PyTorch is not here"
    exit 0
fi
export OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1

# agree MODEL: both find the same errors in how it plays.
agree() {
    works "PyTorch evaluates $1" "$python" "$twin/evaluate.py" corpus.safetensors "$1"
    errors="$(first offset_mae_ms) $(first velocity_mae)"
    works "so does the program" rolypoly evaluate drummers --model "$1" --json
    errors="$errors $(first offset_mae_ms) $(first velocity_mae)"
    holds "and they agree: $errors" sh -c "echo '$errors' | awk '
        function near(a, b) { return a > 0 && a - b < 1e-4 && b - a < 1e-4 }
        { exit !(near(\$1, \$3) && near(\$2, \$4)) }'"
}
cp "$ROLYPOLY_ASSETS/groove.safetensors" shipped.safetensors
agree ./shipped.safetensors

# begin OUTPUT OPTION...: a small network.
begin() {
    output=$1
    shift
    "$python" "$twin/train.py" corpus.safetensors -o "$output" --epochs 0 --width 16 --heads 2 \
        --hidden 32 --encoders 2 --decoders 1 "$@"
}
works "a paper's network" begin ./paper.safetensors --model paper --epochs 8 \
    --rate 0.3 --batch 4
agree ./paper.safetensors
works "a groove" begin ./start.safetensors

# train OUTPUT: a few steps of that groove.
train() {
    "$python" "$twin/train.py" corpus.safetensors -o "$1" --start start.safetensors --batch 4 \
        --window 32 --epochs 6 --rate 0.05 --dropout 0
}
works "one process trains" train ./one.safetensors
export MASTER_ADDR=127.0.0.1 WORLD_SIZE=2
MASTER_PORT=$("$python" -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])')
export MASTER_PORT
RANK=1 LOCAL_RANK=1 train ./two.safetensors >out1 2>err1 &
RANK=0 LOCAL_RANK=0 train ./two.safetensors >out 2>err
holds "two processes train" [ $? -eq 0 ]
wait
holds "and learn the same" "$python" -c "
import sys
sys.path.insert(0, '$twin')
import checkpoint
start, one, two = (checkpoint.read(f'./{name}.safetensors')[0] for name in ('start', 'one', 'two'))
apart = lambda a, b: max((a[k] - b[k]).abs().mean() for k in a)
sys.exit(not (apart(one, two) < 1e-5 < 1e-3 < apart(one, start)))"
agree ./two.safetensors
works "what PyTorch trained plays" rolypoly humanise tune.mid -o human.mid --model ./two.safetensors
