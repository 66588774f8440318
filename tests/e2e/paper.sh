# The paper's drummer through the commands: he plays, has his own recipe for lessons, and goes back.
. "$(dirname "$0")/lib/common.sh"

song tune.mid 12

works "a take" rolypoly take tune.mid --model paper --guitar virtual --seed 7 --midi take1.mid --json
holds "is his" [ "$(value model) $(value steps)" = "paper 96" ]
session=$(value session)
drummer=$(value checkpoint)
works "its replay" rolypoly replay tune.mid --take 1 --midi again.mid
holds "is the same" cmp take1.mid again.mid
works "he is made the current one" rolypoly rollback tune.mid --to "$drummer"
works "the drummer alone" rolypoly export tune.mid --drummer -o before.mid
works "a lesson" rolypoly accept tune.mid --json
holds "is the paper's" [ "$(value model) $(value epochs) $(value parent)" = "paper 20 $drummer" ]
holds "which lowers its loss" \
    [ "$(echo "$(value loss_before) $(value loss_after)" | awk '{ print ($2 < $1) }')" = 1 ]
works "the drummer after it" rolypoly export tune.mid --drummer -o after.mid
holds "plays otherwise" sh -c '! cmp -s before.mid after.mid'
works "a second take" rolypoly take tune.mid --guitar virtual --json
holds "is his too" [ "$(value model) $(value checkpoint)" = "paper $((drummer + 1))" ]
works "rollback" rolypoly rollback "$session" --json
works "the drummer of before" rolypoly export tune.mid --drummer -o back.mid
holds "is back, bit for bit" cmp before.mid back.mid
works "a lesson with weights of one's own" rolypoly accept tune.mid --take 1 --epochs 2 --weights 0,1,1,0 --json
holds "takes the epochs it was told" [ "$(value epochs)" = 2 ]

works "humanise" rolypoly humanise tune.mid -o human.mid --model paper --expression 0
mkdir drummers
song drummers/a.mid 8
song drummers/b.mid 4 90
{
    echo "midi_filename,split,beat_type"
    echo "a.mid,train,beat"
    echo "b.mid,validation,beat"
} >drummers/info.csv
works "evaluate" rolypoly evaluate drummers --model paper --json
refuses "a drummer who is not trained" 2 "'straight'" rolypoly pretrain drummers --model straight -o x.safetensors
works "pretrain" rolypoly pretrain drummers --model paper -o trained.safetensors --epochs 20 --threads 1 --json
works "what was trained plays" rolypoly humanise tune.mid -o trained.mid --model ./trained.safetensors
