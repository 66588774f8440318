# Manners: keys of one's own, a pedal, the line with a colon, the mouse; a terminal that is put aside,
# resized, hung up and left as it was found, whatever happens.
. "$(dirname "$0")/lib/common.sh"
. "$root/tests/e2e/lib/screen.sh"
open_terminal 80 24
song=songs/blue.mid
mkdir songs config config/rolypoly
song songs/blue.mid 16
keys=config/rolypoly/keys

click() { # COL ROW, from 1
    type_in "$(printf '\033[<0;%d;%dM\033[<0;%d;%dm' "$1" "$2" "$1" "$2")"
}
wheel() { type_in "$(printf '\033[<%d;5;5M' "$1")"; } # 64 up, 65 down

# ---- keys of one's own ----

works "the keys as a file" rolypoly keys
holds "of every action" [ "$(grep -c '^# [a-z][-+a-z0-9]* = ' out)" -gt 40 ]
cp out $keys
works "which changes nothing" rolypoly keys
holds "as it stands" cmp -s out $keys
cat >$keys <<'FILE'
# my feet
play = F5
stop = F5 midi:cc64
flub = f pedal
fulb = x
pedal = ./pedal
FILE
rolypoly keys --json >out 2>err
holds "a wrong line is told" grep -q "line 5: there is no action 'fulb'; is 'flub' meant?" out
start "rolypoly $song --silent"
expect "on the screen too" "in the file of keys, line 5: there is no action"
key q
expect_end "and play goes on" 0
sed -i /fulb/d $keys
mkfifo pedal

start "rolypoly $song --silent"
expect "hints know them" 'F5 play'
key space
expect "a key that has gone does nothing" "'space' does nothing here"
key F5
expect "another plays" "$sounding"
printf '\231\044\100' >pedal # a note-on, bound to nothing: it is the pedal
expect "any tread is the pedal's" 'bar [0-9]* is a flub'
printf '\260\100\177\100\000' >pedal
expect "a sustain pedal has its own" '^ Take 1 '
key '?'
expect "help knows them" 'F5 count in and play'
key Escape
expect "and escape leaves it" '^ Take 1 '
exec 3>pedal
rm pedal
exec 3>&- # now it has gone for good
key F5
expect "without its pedal" "$sounding"
expect "it is missed" 'the pedal is not there'
key F5
appears '^ Take 2 '
ok "and play goes on"
key C-c
expect_end "an interrupt always leaves" 130

# ---- the line with a colon ----

echo "mouse = on" >$keys
start "env TERM=xterm rolypoly $song --silent"
appears 'space play'
type_in ':folow 0.5'
key Enter
expect "what was meant" "there is no command 'folow'; is 'follow' meant?"
type_in ':'
key Up
expect "earlier lines are recalled" ': folow 0.5'
key C-u
type_in 'fol'
key Tab
expect "a word is completed, the rest is listed" 'follow follow- follow+'
type_in ' 0.5'
key Enter
expect "and done" '^ follow 0.5'
type_in ':leash ki'
key Tab
type_in '20'
key Enter
expect "so is a drum" 'leash of kick 20 ms'
type_in ':tempo 80'
key Enter
appears '^ tempo 80'
type_in ':take 7'
key Enter
expect "what is not there is told" 'has no'
type_in ':flub'
key Enter
expect "what does nothing here too" "'flub' does nothing here"
type_in ':export out.mid'
key Enter
expect "export by name" "is written to 'out.mid'"

# ---- the mouse ----

click "$(screen | sed -n 24p | awk '{ print index($0, "h history") }')" 24
expect "a hint is its key" '2 takes, 1 drummer'
wheel 65
expect "the wheel moves" '^ 2 takes'
key Escape w
appears '▶ w_v touch'
click 5 11
expect "a line is selected" '▶ follow'
type_in ':quit'
key Enter
expect_end "quit by name" 0
rm $keys

# ---- what is remembered ----

start "rolypoly $song --silent"
expect "follow and tempo are as they were" 'follow 0.5\|space play'
key w
expect "the song's tempo" '^ . tempo *80 %'
expect "its follow" '^ . follow *0.5'
key Escape q
expect_end "quit" 0
start "rolypoly $song --silent --tempo 120"
key w
expect "the command line has the last word" '^ . tempo *120 %'
key Escape h
appears '2 takes, 1 drummer'
key q
expect_end "quit from the history" 0
start "rolypoly $song --silent"
expect "which is opened again" '2 takes, 1 drummer'
key Escape w
expect "what was said once is not remembered" '^ . tempo *80 %'
key Escape q
expect_end "quit again" 0
echo '{"sound' >state/rolypoly/state.json
start "rolypoly $song --silent"
appears 'space play'
key q
expect "a damaged memory is told" 'nothing is remembered'
expect_end "and no hindrance" 0

# ---- put aside, stopped, resized ----

cat >jobs.sh <<'JOBS'
set -m
stty -g >stty.before
rolypoly "$@"
echo aside; stty -g >stty.aside
read -r word
fg >/dev/null
stty -g >stty.after
echo ended with $?
JOBS
key clear Enter
type_in "bash jobs.sh demo --silent"
key Enter
expect "a take" "$sounding"
key C-z
expect "ctrl-z gives the terminal back" '^aside'
holds "as it was found" cmp -s stty.before stty.aside
size 100 30
type_in go
key Enter
expect "taken up again at another size" '^ Take 1 .*tempo 100 %$'
expect "the take was kept" 'take 1 was stopped and is kept'
size 80 24
key q
expect "quit" '^ended with'
holds "the terminal is as it was" cmp -s stty.before stty.after

start "rolypoly demo --silent"
appears "$sounding"
kill -STOP "$(cat pid)"
printf '\033[H\033[2Jrubbish' >"$(terminal display-message -p '#{pane_tty}')"
expect "stopped, and written over" 'rubbish'
kill -CONT "$(cat pid)"
expect "it is drawn anew when it goes on" '^ bar [0-9]* of'
expect_not "all of it" 'rubbish'
i=0
while [ $i -lt 50 ]; do
    size $((40 + i * 37 % 100)) $((10 + i * 13 % 40))
    i=$((i + 1))
done
size 80 24
expect "after a storm of sizes" '^ bar [0-9]* of .*'
expect "nothing is left of it" 'space stop .*? help   q quit$'
key q q
expect_end "quit" 0

# ---- hung up, crashed ----

start "rolypoly demo --silent"
appears "$sounding"
kill -HUP "$(cat pid)"
expect_end "a hang-up leaves the terminal as it was" 129
start "env TERM=xterm rolypoly demo --silent"
appears "$sounding"
kill -SEGV "$(cat pid)"
expect_end "so does a crash" 139
flags=$(terminal display-message -p '#{cursor_flag} #{mouse_any_flag} #{alternate_on}')
holds "its cursor, its mouse and its screen too" [ "$flags" = '1 0 0' ]
