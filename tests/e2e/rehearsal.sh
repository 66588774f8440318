# A rehearsal through the commands: take, accept, take, reject, rollback, history, replay, export.
. "$(dirname "$0")/lib/common.sh"

song tune.mid 16

works "take" rolypoly take tune.mid --guitar virtual --seed 7 --midi take1.mid --out take1.wav --json
holds "take says one JSON object" is_json
for key in take steps hits onsets matched prediction_mae_ms asynchrony_mae_ms asynchrony_mean_ms \
    deadline_misses xruns checkpoint model seed session; do
    grep -q "\"$key\":" out || not_ok "take's JSON has $key"
done
holds "every step was played" [ "$(value steps) $(value hits)" = "128 192" ]
holds "most notes were heard and matched" [ "$(value matched)" -gt 60 ]
holds "the seed is kept" [ "$(value seed)" = 7 ]
holds "the take is as long as the song" [ "$(size take1.wav)" -gt 6000000 ]
session=$(value session)
holds "the session lies in the user's data" [ "$session" = "$here/data/rolypoly/sessions/$(basename "$session")" ]

works "replay" rolypoly replay tune.mid --take 1 --midi again.mid --json
holds "replay gives the same bytes" cmp take1.mid again.mid
works "replay by session file, aloud" rolypoly replay "$session" --take 1 --out again.wav
holds "the replay is as long" [ "$(size again.wav)" = "$(size take1.wav)" ]

works "a look at it" rolypoly accept tune.mid --look --json
holds "speaks of that take" [ "$(value take) $(value against)" = "1 false" ]
holds "says how much was heard" [ $(($(value notes) + $(value strays))) = "$(value played)" ]
works "in words" rolypoly accept tune.mid --look
holds "nothing speaks against it" grep -q 'nothing speaks against' out
works "the drummer before the lesson" rolypoly export tune.mid --drummer -o untaught.mid
works "accept" rolypoly accept tune.mid --json
holds "accept says one JSON object" is_json
holds "a new drummer has grown from the first" \
    [ "$(value take) $(value checkpoint) $(value parent)" = "1 2 1" ]
for key in epochs loss_before loss_after seconds prediction_before_ms prediction_after_ms \
    prediction_unseen_ms begins_anew worse advice; do
    grep -q "\"$key\":" out || not_ok "accept's JSON has $key"
done
refuses "the same lesson twice" 1 "already learnt from take 1" rolypoly accept tune.mid

works "second take" rolypoly take tune.mid --guitar virtual --seed 7 --midi take2.mid --json
holds "it is the new drummer's" [ "$(value take) $(value checkpoint)" = "2 2" ]
holds "who plays otherwise" sh -c '! cmp -s take1.mid take2.mid'
works "reject" rolypoly reject tune.mid --json
holds "the take stays, rejected" [ "$(value take) $(value status)" = "2 rejected" ]

works "rollback" rolypoly rollback "$session" --json
holds "the first drummer is back" [ "$(value checkpoint) $(value before)" = "1 2" ]
works "who plays" rolypoly export tune.mid --drummer -o again.mid
holds "as he did, to the byte" cmp untaught.mid again.mid
refuses "there is none before the first" 1 "no parent" rolypoly rollback tune.mid
works "rollback to a number" rolypoly rollback tune.mid --to 2
refuses "an unknown drummer" 1 "no checkpoint 9" rolypoly rollback tune.mid --to 9

works "history" rolypoly history tune.mid --json
holds "history says one JSON object" is_json
holds "history knows what is current" [ "$(value current)" = 2 ]
holds "history has both takes" [ "$(grep -o '"status":"[a-z]*"' out | tr -d '\n')" = \
    '"status":"accepted""status":"rejected"' ]
holds "history has both drummers" [ "$(grep -o '"parent":[^,]*' out | tr '\n' ' ')" = \
    '"parent":null "parent":1 ' ]
works "history in words" rolypoly history tune.mid

works "one take's steps" rolypoly history tune.mid --take 1 --json
holds "every step is there" [ "$(grep -o '"index":' out | wc -l)" -eq 128 ]
holds "bars are counted from 1" [ "$(first bar)" = 1 ]
holds "the first step is in 4/4 at 120" [ "$(first metre) $(first bpm) $(first phase)" = "1 120 0" ]
holds "hits have their class" grep -q '"class":"crash","pitch":49,"velocity_scored":80,"velocity":' out
holds "a step without a note has none" grep -q '"g_ms":null' out
works "one take's steps in words" rolypoly history tune.mid --take 1

works "export of the last accepted take" rolypoly export tune.mid -o export.mid
holds "is what was played" cmp take1.mid export.mid
works "export of a take" rolypoly export tune.mid --take 2 -o export2.mid --json
holds "is what was played then" cmp take2.mid export2.mid
works "export of the drummer alone" rolypoly export tune.mid --drummer -o alone.mid
holds "is a MIDI file" [ "$(head -c 4 alone.mid)" = MThd ]
holds "nothing half-written is left" sh -c '! ls | grep -q part'

works "a part of the song" rolypoly take tune.mid --guitar virtual --bars 5-8 --tempo 80 --midi part.mid --json
holds "has the part's steps" [ "$(value steps) $(value first_bar) $(value last_bar)" = "32 5 8" ]
works "its replay" rolypoly replay tune.mid --midi part2.mid
holds "is the same" cmp part.mid part2.mid
works "a lesson from some of it" rolypoly accept tune.mid --bars 7,5 --drums closed-hat,snare --strength 0.5 --epochs 2 --weights 1,2,2,1 --json
holds "learnt from those alone" [ "$(value take) $(value epochs) $(value steps)" = "3 2 16" ]
holds "from every note there" [ "$(value onsets)" = "$(value notes)" ]
works "a look where nothing is struck" rolypoly accept tune.mid --take 2 --bars 1 --drums ride --look
holds "says so" grep -q "no drum is struck in the bars and drums chosen" out
refuses "bars that hold no note" 1 "the bars and drums chosen" rolypoly accept tune.mid --take 2 --bars 1 --drums ride
works "a take from bar 15 on" rolypoly take tune.mid --guitar virtual --bars 15- --json
holds "has 16 steps" [ "$(value steps)" = 16 ]
refuses "bars that are not there" 1 "bar" rolypoly take tune.mid --bars 40-50

works "a recording as the guitar" rolypoly take tune.mid --guitar take1.wav --json
holds "is heard" [ "$(value matched)" -gt 60 ]
works "MIDI notes as the guitar" rolypoly take tune.mid --guitar tune.mid --follow 1 --expression 0 --json
holds "every note is matched" [ "$(value onsets) $(value matched)" = "128 128" ]
song slower.mid 16 83
works "somebody plays another song" rolypoly take tune.mid --guitar slower.mid --session astray.db
works "which is seen" rolypoly accept astray.db --look --json
holds "before it is learnt" [ "$(value against)" = true ]
rolypoly accept astray.db >out 2>err
holds "and learnt if it must be" [ $? -eq 0 ]
holds "with a warning" grep -q '^better not learnt: ' err
works "nobody plays along" rolypoly take tune.mid --json
holds "figures of nothing are null" [ "$(value onsets) $(value prediction_mae_ms)" = "0 null" ]
works "the grid drummer" rolypoly take tune.mid --model straight --guitar virtual --follow 0 --midi grid.mid --json
holds "is called so" [ "$(value model)" = straight ]
works "a session of one's own" rolypoly take tune.mid --guitar virtual:rusher --session own.db --json
holds "is made where it was asked for" [ "$(value session)" = own.db ]

works "drums with leashes of their own" rolypoly take tune.mid --guitar virtual:laid-back \
    --leash-drums kick=3,closed-hat=0 --expression 1 --session leashes.db
works "whose steps" rolypoly history leashes.db --take 1 --json
# furthest CLASS: the most one of its hits has moved, in whole ms.
furthest() {
    grep -o "\"class\":\"$1\"[^}]*" out | grep -o 'offset_ms":[^,}]*' | cut -d : -f 2 | tr -d - |
        awk '$1 > most { most = $1 } END { print int(most + 0.9) }'
}
holds "keep to them" [ "$(furthest kick) $(furthest 'closed hat')" = "3 0" ]
holds "where others do not" [ "$(furthest snare)" -gt 5 ]
holds "are told as they were set" grep -q '"drum_leash_ms":{"kick":3,"closed hat":0}' out
holds "nothing was changed meanwhile" grep -q '"changes":\[\],"flubs":\[\]' out
works "a deaf ear" rolypoly take tune.mid --guitar virtual --sensitivity -12 --json
works "a keen one" rolypoly take tune.mid --guitar virtual --sensitivity 12 --json
refuses "a leash for no drum" 2 "like kick=10,snare=25" rolypoly take tune.mid --leash-drums bell=3
refuses "an ear too keen" 2 "from -12 to 12" rolypoly take tune.mid --sensitivity 13
