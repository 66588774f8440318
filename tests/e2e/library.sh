# The library: what has been rehearsed and what there is to rehearse, with and without the screen.
. "$(dirname "$0")/lib/common.sh"

mkdir songs songs/rock
song songs/blue.mid 8
song songs/rock/hard.midi 4
echo rubbish >songs/broken.mid
echo notes >songs/readme.txt

works "songs of a folder" rolypoly library songs
holds "with its folders" grep -q '^  rock/$' out
holds "what a score holds" grep -q '^  blue.mid .* 8 bars  0:16$' out
holds "why one cannot be read" grep -q '^  broken.mid .*no Standard MIDI File' out
holds "and nothing else" [ "$(wc -l <out)" -eq 4 ]
works "the same as JSON" rolypoly library songs --json
holds "is JSON" is_json
holds "of scores" [ "$(value bars)" = 8 ]
works "nothing has been rehearsed" rolypoly library
refuses "a folder that is not there" 1 "cannot read folder 'none'" rolypoly library none
rolypoly >out 2>err </dev/null
holds "no argument, no terminal: the overview" [ $? -eq 2 ] && grep -q 'choose a song' err
refuses "a folder without a terminal" 1 "this is no terminal" rolypoly songs/rock

works "a take" rolypoly take songs/blue.mid --guitar virtual --json
works "has been rehearsed" rolypoly library --json
holds "once" [ "$(value takes)" = 1 ]
holds "and how well" sh -c "grep -q '\"last_ms\":[0-9]' out"
cp "$(value path)" keep.db 2>/dev/null
echo damaged >data/rolypoly/sessions/zz.db
works "with a damaged session beside it" rolypoly library
holds "told as such" grep -q '^  zz.db .*cannot be read' out

. "$root/tests/e2e/lib/screen.sh"
open_terminal 80 24

start "rolypoly --silent"
expect "no argument opens the library" '^ Rehearsed$'
expect "with the last one first" '^ . zz.db\|^ . blue .* 1 take '
key Down
expect "and a damaged one" 'zz.db .*cannot be read'
key q
expect_end "q leaves" 0

start "rolypoly --silent"
appears '^ Rehearsed'
key '?'
expect "help of the list" '^ Songs and rehearsals'
key space
expect "has no song to play" 'choose a song first'
key h w u e Escape
expect "nor to show, and leads back" '^ Rehearsed'
key q
expect_end "quit from there" 0

start "rolypoly songs --silent"
expect "a folder lists its scores" 'blue.mid .*8 bars .*0:16'
expect "shows what is broken" 'broken.mid .*cannot be read'
expect_not "and no rehearsals" '^ Rehearsed'
key End Enter
expect "and says why" 'it is no Standard'
type_in /
type_in BL
expect "a filter" '/ BL'
expect_not "hides the others" 'broken.mid'
key Enter Escape
expect_end "escape leaves, the filter was kept" 0

start "rolypoly songs --silent"
expect "and the first one is selected" '▶ rock/'
key Enter
expect "folders are walked" 'hard.midi'
key Left
expect "up again, and on where one came from" '▶ rock/'
key Down Enter
expect "enter opens the song" '^ blue .*next take 2'
key space
appears 'stop   f flub'
sleep 1
key o
expect "leaving a take has to be meant" 'o once more keeps it'
key o
expect "the take is kept" 'take 2 is kept'
expect "the song is where one left" '▶ blue.mid'
key Escape
expect "escape goes back to it" '^ blue .*next take 3'
key o
appears '▶ blue.mid'
size 60 20
expect "a small window" 'esc back   ? help   q quit'
size 80 24
type_in ':open songs/rock/hard.midi'
key Enter
expect "a command opens another" '^ hard .*next take 1'
type_in ':open '
key C-u
type_in 'open songs/no.mid'
key Enter
expect "one that is not there is told" "cannot read 'songs/no.mid'"
key q
expect_end "and q leaves from there" 0

start "rolypoly --silent"
expect "the last folder is remembered" '^ Songs in .*/songs$'
appears '^ Rehearsed'
expect "and what has been played meanwhile" ' blue .* 2 takes '
key q
expect_end "quit" 0

for i in 1 2 3 4 5 6 7 8 9; do
    mkdir -p "many/$i"
    for k in 0 1 2 3 4 5 6 7 8 9; do cp songs/blue.mid "many/$i/song $i$k.mid"; done
done
start "env LC_ALL=C rolypoly many/5 --silent"
expect "a terminal without UTF-8" '^ > \.\.\/\|^ . \.\./'
screen | LC_ALL=C grep -q '[^ -~]'
holds "nothing but ASCII there" [ $? -eq 1 ]
key C-c
expect_end "an interrupt leaves the terminal as it was" 130
