#!/usr/bin/env python3
"""Writes demo.mid beside itself: the bundled song, a drum score drawn bar by bar.

A bar is a string for each drum; its characters divide the bar evenly, so sixteen of them are 16ths
in 4/4 and twenty-four are 16th triplets. '.' is a rest, 'g' a ghost note, 'o' soft, 'x' normal,
'X' an accent, and the digits 1-9 climb from a whisper to full strength.
"""

import pathlib
import struct

PPQ = 480
NOTE_TICKS = 40
KEYS = {
    "kick": 36, "snare": 38, "stick": 37, "hat": 42, "pedal": 44, "open": 46, "floor": 43,
    "mid": 47, "high": 50, "crash": 49, "crash2": 57, "china": 52, "splash": 55, "ride": 51,
    "bell": 53,
}
VELOCITIES = {"g": 30, "o": 58, "x": 84, "X": 112}
VELOCITIES.update({str(digit): 10 + 13 * digit for digit in range(1, 10)})


def with_fill(bar, start, **fill):
    """A bar whose last part, from character `start` of sixteen, gives way to a fill."""
    kept = {drum: line[:start] + "." * (16 - start) for drum, line in bar.items()}
    for drum, line in fill.items():
        before = kept.get(drum, "." * 16)[:start]
        kept[drum] = before + line.rjust(16 - start, ".")
    return kept


def plus(bar, **more):
    """A bar with lines added or replaced."""
    return {**bar, **more}


# Intro: the hat alone, then piece by piece.
INTRO = [
    dict(hat="X.o.x.o.X.o.x.o."),
    dict(hat="X.o.x.o.X.o.x.oo", stick="....x.......x..."),
    dict(hat="X.o.x.o.X.o.x.oo", stick="....x.......x...", kick="X.........x....."),
    dict(hat="X.o.x.o.X.o.....", kick="X.........x.....", snare="....x.......4567",
         open="............x..."),
]

# Verse: a tight pocket, ghost notes around the backbeat, the hat opens into every fourth bar.
VERSE_1 = dict(hat="X.o.x.oox.o.x.o.", kick="X.....x...X.....", snare="....X..g.g..X..g")
VERSE_2 = dict(hat="X.o.x.o.x.oox.o.", kick="X.....x.X.x.....", snare="....X..g.g..X...")
VERSE_3 = dict(hat="X.o.x.oox.o.x.o.", kick="X..x..x...X..x..", snare="....X....g..X.gg")
VERSE_4 = dict(hat="X.o.x.o.x.o.x...", kick="X.....x.X.x...x.", snare="....X..g.g..X...",
               open="..............X.")
VERSE_A = [
    plus(VERSE_1, crash="X..............."), VERSE_2, VERSE_1, VERSE_4,
    VERSE_1, VERSE_2, VERSE_3,
    with_fill(VERSE_2, 8, snare="X.gXx...", high="....xx..", floor="......XX"),
]

# The second verse barks: the hat opens on the way to the backbeat, the kick talks more.
BARK_1 = dict(hat="X.o.x.o...o.x.oo", open="......x.........", kick="X..x..X...X..x..",
              snare="....X..g.g..X..g")
BARK_2 = dict(hat="X.o.x.oox.o.x...", open="..............x.", kick="X.....x.XX....x.",
              snare="....X.g..g..X...")
VERSE_B = [
    plus(BARK_1, crash2="X..............."), VERSE_2, BARK_1, BARK_2,
    BARK_1, VERSE_3, BARK_1,
    # triplets all the way down
    dict(hat="X..o..x..o..............", kick="X...........X.....X.....",
         snare="......X.....XoxXox......", high="..................XoX...",
         floor=".....................XxX"),
]

# Chorus: wide. The ride's bell on the beats, crashes on the turns.
CHORUS_1 = dict(bell="X...X...X...X...", ride="..x...x...x...x.", kick="X.....X.X.x.....",
                snare="....X.......X..g")
CHORUS_2 = dict(bell="X...X...X...X...", ride="..x...x...x...x.", kick="X.x...X...X..x..",
                snare="....X..g....X...")
CHORUS_PUSH = dict(bell="X...X...X...X...", ride="..x...x...x.....", kick="X.....X.X.x...X.",
                   snare="....X.......X...", crash2="..............X.")
CRASH = "X..............."


def chorus(last_bar):
    opening = plus(CHORUS_1, crash=CRASH)
    return [opening, CHORUS_2, CHORUS_1, CHORUS_PUSH,
            CHORUS_1, CHORUS_2, plus(CHORUS_1, crash2=CRASH), last_bar]


CHORUS_A = chorus(with_fill(CHORUS_2, 12, snare="XxX.", floor="...X", kick="X..."))
CHORUS_B = chorus(with_fill(CHORUS_1, 8, snare="XX......", high="..XX....", mid="....XX..",
                            floor="......XX", kick="X...X..."))

# Bridge, in 6/8: mallets on the toms, then the backbeat grows out of them.
TOMS_1 = dict(kick="X.....x.....", floor="x...o.x...o.", stick="......x.....",
              pedal="..o...o...o.")
TOMS_2 = dict(kick="X.....x...x.", floor="x...o.......", mid="......x.o...", high="..........x.",
              stick="......x.....", pedal="..o...o...o.")
SWAY_1 = dict(kick="X...x.....x.", snare="......X....g", ride="X.x.x.X.x.x.")
SWAY_2 = dict(kick="X...x.......", snare="......X..g.g", ride="X.x.x.X.x...", open="..........x.")
BRIDGE = [
    plus(TOMS_1, splash="x..........."), TOMS_2, TOMS_1, TOMS_2,
    plus(SWAY_1, crash="X..........."), SWAY_2, SWAY_1,
    dict(kick="X.....X.....", snare="......XxX...", high=".........XX.", floor="...........X"),
]

# Build, in 7/8 (2 + 2 + 3): one long crescendo.
BUILD = [
    dict(kick="x...x...x.....", snare="2.1.2.1.3.1.2.", pedal="x...x...x.x.x."),
    dict(kick="x...x...x.....", snare="3.2.3.2.4.2.32", pedal="x...x...x.x.x."),
    dict(kick="X...X...X...x.", snare="4.3343444.4344", pedal="x...x...x.x.x."),
    dict(kick="X...X...X.X.X.", snare="55566667777888", floor="........7.8.99"),
]

# The last chorus, faster, with everything.
LAST_CHORUS = CHORUS_A[:7] + [
    with_fill(CHORUS_2, 12, snare="Xg..", high="..X.", floor="...X"),
    plus(CHORUS_1, crash=CRASH, china="........X......."), CHORUS_2,
    plus(CHORUS_PUSH, china="........X......."),
    dict(bell="X.....X.................", kick="X.....X.....X.....X..X..",
         snare="......X.....XoXXoX......", high="............o..o..XoX...",
         mid="....................o...", floor=".....................XXX"),
]

# Outro: half time, slower and slower, and one last stroke.
OUTRO = [
    dict(hat="X.o.x.o.x.o.x.o.", kick="X.........x.....", snare="........X.......", crash=CRASH),
    dict(hat="X.o.x.o.x.o.x...", kick="X......x..x.....", snare="........X.....g.",
         open="..............o."),
    dict(hat="x...o...x.......", kick="X.........x.....", snare="........x.......",
         high="............x.o.", mid=".............o..", floor="..............ox"),
    dict(kick=CRASH, crash=CRASH, crash2="x..............."),
]

# name, beats a minute (quarter notes), numerator, denominator, bars
SONG = [
    ("Intro", 104, 4, 4, INTRO),
    ("Verse", 104, 4, 4, VERSE_A),
    ("Chorus", 104, 4, 4, CHORUS_A),
    ("Second verse", 104, 4, 4, VERSE_B),
    ("Second chorus", 104, 4, 4, CHORUS_B),
    ("Bridge", 96, 6, 8, BRIDGE),
    ("Build", 104, 7, 8, BUILD),
    ("Last chorus", 112, 4, 4, LAST_CHORUS),
    ("Outro", 112, 4, 4, OUTRO),
]
SLOWING = [112, 110, 108, 106, 104, 102, 99, 96, 92, 88, 83, 77, 72]  # a beat each, in the outro


def vlq(value):
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))


def meta(kind, data):
    return bytes([0xFF, kind]) + vlq(len(data)) + data


def tempo(bpm):
    return meta(0x51, round(60e6 / bpm).to_bytes(3, "big"))


def track(events, end):
    """Events are (tick, rank, bytes); at one tick the lower rank comes first."""
    data, now = b"", 0
    for tick, _, event in sorted(events) + [(end, 0, meta(0x2F, b""))]:
        data += vlq(tick - now) + event
        now = tick
    return b"MTrk" + struct.pack(">I", len(data)) + data


def check_playable(bar):
    """A drummer has two hands."""
    taken = {}
    for drum, line in bar.items():
        for place, mark in enumerate(line):
            if mark != "." and drum not in ("kick", "pedal"):
                taken.setdefault(place / len(line), []).append(drum)
    for place, drums in taken.items():
        if len(drums) > 2:
            raise ValueError(f"three hands at {place} of a bar: {drums}")


def strokes(bar, start, length):
    check_playable(bar)
    for drum, line in bar.items():
        if length % len(line):
            raise ValueError(f"{drum} '{line}' does not divide a bar of {length} ticks")
        for place, mark in enumerate(line):
            if mark != ".":
                tick = start + place * length // len(line)
                yield tick, 1, bytes([0x99, KEYS[drum], VELOCITIES[mark]])
                yield tick + NOTE_TICKS, 0, bytes([0x89, KEYS[drum], 0])


def main():
    conductor = [(0, 0, meta(0x03, b"The Back Room")),
                 (0, 1, meta(0x02, b"rolypoly's own; free to play, copy and change"))]
    drums = [(0, 0, meta(0x03, b"Drums"))]
    now, last_bpm, last_metre = 0, None, None
    for name, bpm, numerator, denominator, bars in SONG:
        conductor.append((now, 4, meta(0x06, name.encode())))
        if (numerator, denominator) != last_metre:
            power = denominator.bit_length() - 1
            conductor.append((now, 2, meta(0x58, bytes([numerator, power, 24, 8]))))
        if bpm != last_bpm:
            conductor.append((now, 3, tempo(bpm)))
        if name == "Outro":
            conductor += [(now + beat * PPQ, 3, tempo(slower))
                          for beat, slower in enumerate(SLOWING) if beat]
        last_bpm, last_metre = bpm, (numerator, denominator)
        length = PPQ * 4 * numerator // denominator
        for bar in bars:
            drums += strokes(bar, now, length)
            now += length
    header = b"MThd" + struct.pack(">IHHH", 6, 1, 2, PPQ)
    path = pathlib.Path(__file__).with_name("demo.mid")
    path.write_bytes(header + track(conductor, now) + track(drums, now))


if __name__ == "__main__":
    main()
