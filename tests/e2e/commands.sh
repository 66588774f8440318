# The commands around the rehearsal: help, onsets, humanise, evaluate, pretrain, bench, devices.
. "$(dirname "$0")/lib/common.sh"

song tune.mid 8

works "help" rolypoly --help
for command in $(sed -n 's/^  \([a-z]*\) .*/\1/p' out | grep -v rolypoly); do
    rolypoly "$command" --help >text 2>err || not_ok "rolypoly $command --help"
    rolypoly help "$command" >again 2>>err || not_ok "rolypoly help $command"
    holds "help of $command" cmp text again
done
works "help of the screen" rolypoly help rehearse
works "the version" rolypoly --version

works "onsets of MIDI" rolypoly onsets tune.mid --json
holds "one a step" [ "$(grep -o '"time_s"' out | wc -l)" -eq 64 ]
works "a take to listen to" rolypoly take tune.mid --guitar virtual --out mix.wav --session s.db
works "an odd guitarist" rolypoly take tune.mid --guitar virtual:odd-swinger --session s.db
works "onsets of a recording" rolypoly onsets mix.wav
holds "are many" [ "$(tail -n 1 out | cut -d ' ' -f 1)" -gt 30 ]
works "a take of drums alone" rolypoly take tune.mid --out drums.wav --session s.db
works "drums taken for a guitar" rolypoly onsets drums.wav
holds "are many too" [ "$(tail -n 1 out | cut -d ' ' -f 1)" -gt 30 ]
works "the own drums" rolypoly onsets drums.wav --drums drums.wav --all --json
holds "are known for what they are" [ "$(grep -o '"own drums"' out | wc -l)" -gt 30 ]

works "humanise" rolypoly humanise tune.mid -o human.mid --json
holds "plays every hit" [ "$(value hits)" = 96 ]
works "humanise again" rolypoly humanise tune.mid -o human2.mid
holds "with one seed is the same" cmp human.mid human2.mid
works "with another" rolypoly humanise tune.mid -o human3.mid --seed 2 --expression 1
holds "is not" sh -c '! cmp -s human.mid human3.mid'
works "on the grid" rolypoly humanise tune.mid -o grid.mid --model straight --expression 0
holds "no session was made" sh -c '! ls data/rolypoly/sessions 2>/dev/null | grep -q .'

mkdir drummers
song drummers/a.mid 8
song drummers/b.mid 4 90
echo "midi_filename,split,beat_type" >drummers/info.csv
echo "a.mid,train,beat" >>drummers/info.csv
echo "b.mid,validation,beat" >>drummers/info.csv
works "evaluate" rolypoly evaluate drummers --split validation --model straight --json
holds "counts the hits" [ "$(value files) $(value hits)" = "1 48" ]
holds "the grid plays what is on the grid" [ "$(value offset_mae_ms)" = 0 ]
holds "beside the baselines" grep -q '"baselines":{"zero":{"offset_mae_ms":0,.*"table":{' out
holds "by metre" grep -q '"metres":\[{"numerator":4,"denominator":4,"hits":48,' out
works "evaluate in words" rolypoly evaluate drummers --model straight
holds "with the song's places" grep -q '^bars 1-8 *48 ' out
works "evaluate expression" rolypoly evaluate drummers --expression 1 --json
holds "beside independent noise" grep -q '"independent":{"offset_mae_ms":' out
works "evaluate two bars" rolypoly evaluate drummers --two-bars --model straight --json
holds "counts the windows" [ "$(value windows) $(value hits)" = "3 72" ]
holds "on the grid too" grep -q '"zero":{"offset_mae_ms":0,' out
works "evaluate two bars in words" rolypoly evaluate drummers --two-bars --model straight
refuses "two evaluations at once" 2 "choose one" rolypoly evaluate drummers --two-bars --duet
refuses "a split that is not there" 1 "test" rolypoly evaluate drummers --split test
refuses "a folder without recordings" 1 "info.csv" rolypoly evaluate .
mkdir fills && cp drummers/*.mid fills
sed 's/,beat$/,fill/' drummers/info.csv >fills/info.csv
refuses "nothing but fills" 1 "nothing but fills" rolypoly evaluate fills
works "fills that are asked for" rolypoly evaluate fills --fills --model straight
works "duets" rolypoly evaluate drummers --duet --players 8 --json
holds "of all predictors" grep -q '"simulated":{"players":8,.*"zero":\[.*"ear":\[.*"drummer":\[' out
holds "by kind of guitarist" grep -q '"kinds":{"on-grid":{"drummer":\[.*"pattern":{"drummer":\[' out
holds "late ones, and forgetting" grep -q '"humanising":{"players":7,.*"odd_late":{"players":8,' out
cp out duets
works "duets again" rolypoly evaluate drummers --duet --players 8 --json
holds "are the same" cmp duets out
works "duets in words, without gradient steps" rolypoly evaluate drummers --duet --players 3 --epochs 0
holds "with a verdict" grep -q '^takes 2 to 5: .* +-.* ms below bar table' out
holds "about those who played" [ "$(grep -c 'nan\|^  pattern' out)" -eq 0 ]
holds "and no more than three players tell" grep -q "^whether a kind of guitarist is worse" out
refuses "players without a duet" 2 "players belongs" rolypoly evaluate drummers --players 3
mkdir trained
refuses "a folder to train into" 1 "'trained': it is a folder" rolypoly pretrain drummers -o trained --epochs 0.5
mkfifo pipe
refuses "a pipe to train into" 1 "'pipe': it is no ordinary file" rolypoly pretrain drummers -o pipe --epochs 0.5
holds "which stays one" [ -p pipe ]
works "pretrain" rolypoly pretrain drummers -o trained.safetensors --epochs 0.5 --threads 1 --json
works "a student" rolypoly pretrain drummers -o student.safetensors --epochs 0.5 --threads 1 --encoders 2 --decoders 1 \
    --dropout 0 --teachers trained.safetensors,trained.safetensors --json
refuses "a teacher who is not there" 1 "nobody.safetensors" rolypoly pretrain drummers -o x.safetensors --teachers nobody.safetensors
refuses "no teacher" 2 "names none" rolypoly pretrain drummers -o x.safetensors --teachers ,
refuses "teachers of the paper's" 2 "'paper'" rolypoly pretrain drummers --model paper -o x.safetensors --teachers trained.safetensors
works "what was trained plays" rolypoly humanise tune.mid -o trained.mid --model ./trained.safetensors

works "devices" rolypoly devices
works "devices as JSON" rolypoly devices --json
works "bench of a drummer who does not learn" rolypoly bench --model straight
holds "says nothing of a lesson" sh -c '! grep -q nan out'
works "bench" rolypoly bench --json
for key in '"step_us":{"p50":' '"finetune_s":' '"render_x_realtime":' '"callback_pct":{"p50":' \
    '"step_cpu_us":{"p50":' '"groove_step_us":{"p50":' '"train_step_ms":' '"train_gflops":' \
    '"matmul_gflops":' '"train_share":'; do
    holds "bench has $key" grep -q "$key" out
done
