# Sessions are found by what the score holds: songs of one name never mix, an edited song is offered
# its old lessons, a played file may be read two ways.
. "$(dirname "$0")/lib/common.sh"

mkdir one two
song one/tune.mid 4
song two/tune.mid 8
works "a take of a song" rolypoly take one/tune.mid --guitar virtual --json
first_session=$(value session)
works "a take of another song of its name" rolypoly take two/tune.mid --guitar virtual --json
second_session=$(value session)
holds "has another session" [ "$first_session" != "$second_session" ]
holds "where it is the first take" [ "$(value take)" = 1 ]
works "the first again" rolypoly take one/tune.mid --guitar virtual --json
holds "is found again" [ "$(value session) $(value take)" = "$first_session 2" ]
cp one/tune.mid renamed.mid
works "under another name" rolypoly history renamed.mid --json
holds "too" [ "$(value session)" = "$first_session" ]

works "quantised" rolypoly take one/tune.mid --quantise --guitar virtual --json
holds "is a reading of its own" [ "$(value take)" = 1 ]

works "a lesson" rolypoly accept one/tune.mid
song one/tune.mid 5
rolypoly take one/tune.mid --session new.db --guitar virtual --json >out 2>err
holds "an edited song is offered its lessons" grep -q "^hint: .*--lessons-from '$first_session'" err
holds "on stderr alone" is_json
works "which it takes" rolypoly take one/tune.mid --lessons-from "$first_session" --guitar virtual --json
holds "and begins its own session" [ "$(value take)" = 1 ]
holds "with the drummer that has learnt" sh -c "
    rolypoly export '$(value session)' --drummer -o a.mid && rolypoly export new.db --drummer -o b.mid &&
    ! cmp -s a.mid b.mid" >out

refuses "lessons for a session that has its own" 1 "for a new one" \
    rolypoly take one/tune.mid --lessons-from "$second_session"
song fresh.mid 3
rolypoly take fresh.mid --guitar none.mid >out 2>err
refuses "lessons for a session that has no take yet" 1 "for a new one" \
    rolypoly take fresh.mid --lessons-from "$first_session"
refuses "a session in a session" 1 "is a session itself" \
    rolypoly take "$first_session" --session "$second_session"
refuses "quantising too late" 1 "too late" rolypoly take "$first_session" --quantise

works "a session file of another name" cp "$second_session" moved.session
works "is known by what it holds" rolypoly history moved.session

# A session of the first version, as an earlier rolypoly left it.
works "an old session" cp "$root/tests/fuzz/corpus/session/first_version.db" old.db
works "is read" rolypoly history old.db --take 1 --json
holds "as it is" cmp old.db "$root/tests/fuzz/corpus/session/first_version.db"
holds "with no changes in its takes" grep -q '"changes":\[\],"flubs":\[\]' out
works "another take" rolypoly take old.db --model straight --leash-drums kick=5 --json
holds "is its next" [ "$(value take)" = 3 ]
works "kept with what the old ones lack" rolypoly history old.db --take 3 --json
holds "in the same file" grep -q '"drum_leash_ms":{"kick":5}' out
