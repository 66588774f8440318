# Bad input gets a clear sentence and an exit status, and nothing is lost.
. "$(dirname "$0")/lib/common.sh"

song tune.mid 4
mkdir folder
: >empty.mid
head -c 150 tune.mid >cut.mid
printf 'this is no music' >words.mid
printf 'RIFF\377\377\377\377WAVEfmt broken' >broken.wav
: >empty.wav
# one piano note, nothing on channel 10
printf 'MThd\000\000\000\006\000\000\000\001\000\140MTrk\000\000\000\014\000\220\074\144\140\220\074\000\000\377\057\000' >piano.mid

works "a good take to begin with" rolypoly take tune.mid --guitar virtual --session good.db
cp good.db before.db

# ---- scores
refuses "a missing score" 1 "'none.mid'.*No such file" rolypoly take none.mid
refuses "a folder for a score" 1 "'folder'" rolypoly take folder
long=$(printf '%0600d' 0)
refuses "a name too long to tell whole" 1 "\.\.\.: File name too long" rolypoly take "$long.mid"
refuses "a name that would drive the terminal" 1 "'a?b?.mid'" rolypoly take "$(printf 'a\033b\t').mid"
refuses "an empty score" 1 "'empty.mid'" rolypoly take empty.mid
refuses "a cut score" 1 "'cut.mid'.*byte" rolypoly take cut.mid
refuses "words for a score" 1 "'words.mid'" rolypoly take words.mid
refuses "a score without drums" 1 "'piano.mid'.*drum" rolypoly take piano.mid
refuses "humanising a cut score" 1 "'cut.mid'" rolypoly humanise cut.mid -o x.mid
holds "no session was made of them" sh -c '! ls data/rolypoly/sessions 2>/dev/null | grep -q .'

# ---- guitars
refuses "a missing guitar" 1 "'none.wav'" rolypoly take tune.mid --guitar none.wav --session good.db
refuses "a broken guitar" 1 "'broken.wav'" rolypoly take tune.mid --guitar broken.wav --session good.db
refuses "an empty guitar" 1 "'empty.wav'" rolypoly take tune.mid --guitar empty.wav --session good.db
refuses "an unknown guitarist" 1 "nobody" rolypoly take tune.mid --guitar virtual:nobody --session good.db
refuses "an unknown odd one" 1 "'odd'" rolypoly take tune.mid --guitar virtual:odd-odd --session good.db
refuses "onsets of a broken recording" 1 "'broken.wav'" rolypoly onsets broken.wav
refuses "a file that is called almost virtual" 1 "'virtually.wav'.*No such file" rolypoly onsets virtually.wav
refuses "onsets of nothing" 1 "'none.wav'" rolypoly onsets none.wav
refuses "onsets beside missing drums" 1 "'none.wav'" rolypoly onsets tune.mid --drums none.wav
refuses "a sensitivity out of range" 2 "sensitivity" rolypoly onsets tune.mid --sensitivity 13

# ---- sessions
refuses "history of nothing" 1 "'none.mid'" rolypoly history none.mid
refuses "history of a song never played" 1 "'tune.mid' has not been rehearsed" rolypoly history tune.mid
holds "asking made no session" sh -c '! ls data/rolypoly/sessions 2>/dev/null | grep -q .'
head -c 3000 good.db >broken.db
refuses "a cut session" 1 "'broken.db'" rolypoly history broken.db
{ head -c 4096 good.db && head -c 30000 /dev/zero; } >hollow.db
refuses "a hollow session" 1 "'hollow.db'" rolypoly history hollow.db
cp words.mid text.db
refuses "a text for a session" 1 "'text.db'" rolypoly accept text.db
cp broken.db broken.session
refuses "a cut session of another name" 1 "session 'broken.session' is damaged" rolypoly history broken.session
song other.mid 6
refuses "another song's session" 1 "good.db" rolypoly take other.mid --session good.db
refuses "an unknown take" 1 "no take 9" rolypoly accept good.db --take 9
refuses "history of an unknown take" 1 "no take 9" rolypoly history good.db --take 9
refuses "replay of an unknown take" 1 "no take 9" rolypoly replay good.db --take 9
refuses "export when nothing was accepted" 1 "accepted" rolypoly export good.db -o x.mid
works "a take nobody played along" rolypoly take tune.mid --session alone.db
refuses "a lesson from a take without a guitar" 1 "no onset of the guitar" rolypoly accept alone.db
cp good.db locked.db
chmod a-w locked.db
if [ "$(id -u)" -eq 0 ] && ! command -v setpriv >/dev/null; then
    echo "skip $suite: a session that cannot be written (root writes everything)"
else
    as_user=
    if [ "$(id -u)" -eq 0 ]; then
        chmod 755 "$here"
        # A coverage build would complain that it cannot write its counts among the objects; and
        # nobody may look into root's home, where the checkout can be.
        mkdir -m 777 counts
        cp -r "$ROLYPOLY_ASSETS" assets
        as_user="setpriv --reuid 65534 --regid 65534 --clear-groups -- env GCOV_PREFIX=$here/counts
            ROLYPOLY_ASSETS=$here/assets"
    fi
    refuses "a session that cannot be written" 1 "locked.db" $as_user rolypoly accept locked.db
    works "can still be read" $as_user rolypoly history locked.db
    cp tune.mid kept.mid
    chmod a-w kept.mid
    refuses "an output that is protected" 1 "'kept.mid'.*denied" $as_user rolypoly humanise tune.mid -o kept.mid
    holds "and stays as it was" cmp kept.mid tune.mid
fi

# ---- what cannot be written
refuses "a mix in no folder" 1 "'no/mix.wav'" rolypoly take tune.mid --session good.db --out no/mix.wav
refuses "a MIDI file in no folder" 1 "'no/x.mid'" rolypoly take tune.mid --session good.db --midi no/x.mid
refuses "a folder for an export" 1 "'folder'" rolypoly export good.db --take 1 -o folder

# ---- what is read is not written over
cp tune.mid before.mid
ln -s tune.mid alias.mid
works "a mix to play along with" rolypoly take tune.mid --session other.db --guitar virtual --out riff.wav
cp riff.wav before.wav
refuses "humanising in place" 1 "'tune.mid'.*would be lost" rolypoly humanise tune.mid -o tune.mid
refuses "in place by another name" 1 "'alias.mid'.*would be lost" rolypoly humanise tune.mid -o alias.mid
refuses "an export into its session" 1 "'./good.db'.*would be lost" rolypoly export good.db --take 1 -o ./good.db
refuses "a mix into the guitar" 1 "'riff.wav'.*would be lost" rolypoly take tune.mid --session good.db --guitar riff.wav --out riff.wav
refuses "MIDI into the session" 1 "'good.db'.*would be lost" rolypoly take tune.mid --session good.db --midi good.db
refuses "a replay into the score's own session" 1 "'good.db'.*would be lost" rolypoly replay good.db --midi good.db
refuses "mix and MIDI in one file" 1 "name one file" rolypoly take tune.mid --session good.db --out both --midi both
holds "the score is as it was" cmp tune.mid before.mid
holds "the guitar is as it was" cmp riff.wav before.wav
holds "nothing half-written is left" sh -c '! ls | grep -q part'
ln -s real.mid link.mid
: >real.mid
works "a link to write to" rolypoly humanise tune.mid -o link.mid
holds "stays a link" [ -L link.mid ]
holds "to the file that was written" [ "$(head -c 4 real.mid)" = MThd ]

# ---- the drummer cannot be found
refuses "no drummer" 1 "groove.safetensors" env ROLYPOLY_ASSETS=/nowhere rolypoly take tune.mid --session none.db
refuses "lessons from nothing" 1 "'nothing.db'" rolypoly take tune.mid --session none.db --lessons-from nothing.db
holds "leaves no session behind" [ ! -e none.db ]
works "a session has its own" env ROLYPOLY_ASSETS=/nowhere rolypoly take tune.mid --session other.db
if [ -w /dev/full ]; then
    rolypoly history good.db >/dev/full 2>err
    holds "a full disk behind stdout" [ $? -eq 1 ]
    rolypoly history good.db --json >/dev/full 2>err
    holds "is told once" [ "$(wc -l <err)" -eq 1 ]
    rolypoly export good.db --take 1 -o /dev/full >out 2>err
    holds "a full disk behind -o" [ $? -eq 1 ]
fi
holds "none of this has changed the session" cmp good.db before.db

# ---- usage
refuses "an unknown command" 2 "no command 'plya'" rolypoly plya
refuses "an unknown option" 2 "'--loud'" rolypoly take tune.mid --loud
refuses "an unknown letter" 2 "'-x'" rolypoly export good.db -x
refuses "a missing song" 2 "SONG.mid is missing" rolypoly take
refuses "two songs" 2 "unexpected argument 'other.mid'" rolypoly take tune.mid other.mid
refuses "a missing value" 2 "'--seed' needs a value" rolypoly take tune.mid --seed
refuses "a word for a number" 2 "'much'.*--follow" rolypoly take tune.mid --follow much
refuses "a number too large" 2 "'1.5'.*from 0 to 1" rolypoly take tune.mid --follow 1.5
refuses "no number at all" 2 "'nan'.*--leash" rolypoly take tune.mid --leash nan
refuses "a number with a tail" 2 "'80%'.*--tempo" rolypoly take tune.mid --tempo 80%
refuses "a negative seed" 2 "'-1'.*--seed" rolypoly take tune.mid --seed -1
refuses "bars backwards" 2 "'8-5'.*--bars" rolypoly take tune.mid --bars 8-5
refuses "take 0" 2 "'0'.*--take" rolypoly accept good.db --take 0
refuses "three weights" 2 "'1,2,3'.*four numbers" rolypoly accept good.db --weights 1,2,3
refuses "a list of bars with a hole" 2 "'1-8,,13'.*like 1-8,13,17-" rolypoly accept good.db --bars 1-8,,13
refuses "two ranges for a take" 2 "'1-2,4'.*like 9-16" rolypoly take tune.mid --bars 1-2,4
refuses "no drum" 2 "'cowbell'.*kick,snare" rolypoly accept good.db --drums cowbell
refuses "a lesson without strength" 2 "'0'.*--strength.*from 0.01 to 1" rolypoly accept good.db --strength 0
refuses "a weight beyond reason" 2 "from 0 to 1000" rolypoly accept good.db --weights 1e308,1,1,1
refuses "a flag with a value" 2 "'--json=1' takes no value" rolypoly history good.db --json=1
refuses "an export to nowhere" 2 "-o OUT.mid is missing" rolypoly export good.db
refuses "two exports at once" 2 "do not go together" rolypoly export good.db --take 1 --drummer -o x.mid
refuses "an unknown model" 2 "no model 'robot'" rolypoly take tune.mid --model robot
refuses "a recording on the screen" 2 "'riff.wav' cannot play" rolypoly tune.mid --guitar riff.wav
refuses "a missing song without a terminal" 1 "'none.mid'.*No such file" rolypoly none.mid
refuses "the screen without a terminal" 1 "terminal" rolypoly tune.mid
rolypoly >out 2>err
holds "no command at all" [ $? -eq 2 ]
rolypoly take tune.mid --follow much >out 2>err
holds "bad usage hints at the help" grep -q '^hint: rolypoly help take' err
