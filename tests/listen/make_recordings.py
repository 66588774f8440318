#!/usr/bin/python3
"""Makes recordings of guitars with the times at which they were struck.

  make_recordings.py OUT isolated [--seed N] [--soundfont SF2]     notes and taps far apart, at every loudness
  make_recordings.py OUT playing  [--seed N] [--soundfont SF2]     strums, lines, palm mutes, arpeggios
  make_recordings.py OUT varied   [--seed N] [--clips N] ...       both, through many amplifiers, rooms and noises

Every note is rendered alone by FluidSynth, or by a model of a string, and mixed at an exact sample.
OUT/NAME.wav is the recording (mono, 48 kHz), OUT/NAME.tsv its onsets: seconds and kind, one a line. A chord is one
onset, its first string. Where drums bleed into the microphone, OUT/NAME.drums.wav is what the drums played.

Needs numpy and FluidSynth's library (Debian: python3-numpy, libfluidsynth3, fluid-soundfont-gm)."""
import argparse
import ctypes
import os
import sys
import wave

try:
    import numpy as np
except ImportError:
    sys.exit("make_recordings: numpy is not here (Debian: python3-numpy)")

RATE = 48000
GUITARS = {"nylon": 24, "steel": 25, "jazz": 26, "clean": 27, "muted": 28, "overdriven": 29, "distortion": 30,
           "harmonics": 31}
CHORDS = [[40, 47, 52, 56, 59, 64], [45, 52, 57, 61, 64], [50, 57, 62, 66], [43, 47, 50, 55, 59, 67],
          [48, 52, 55, 60, 64], [40, 47, 52, 55, 59, 64], [45, 52, 57, 60, 64], [41, 48, 53, 57, 60, 65]]
SCALE = [0, 3, 5, 7, 10, 12, 15, 17, 19, 22, 24]
TAPS = [35, 36, 37, 41, 43, 45, 61, 64, 76, 77]  # kick to wood block: what a hand on the body sounds like


class Sampler:
    """Single notes of a SoundFont, each from its very beginning."""

    def __init__(self, path):
        try:
            self.lib = lib = ctypes.CDLL("libfluidsynth.so.3")
        except OSError:
            sys.exit("make_recordings: libfluidsynth.so.3 is not here (Debian: libfluidsynth3)")
        for name in ("new_fluid_settings", "new_fluid_synth"):
            getattr(lib, name).restype = ctypes.c_void_p
        for level in (1, 2, 3):
            lib.fluid_set_log_function(level, None, None)
        settings = ctypes.c_void_p(lib.new_fluid_settings())
        lib.fluid_settings_setnum(settings, b"synth.sample-rate", ctypes.c_double(RATE))
        lib.fluid_settings_setnum(settings, b"synth.gain", ctypes.c_double(0.6))
        for name in (b"synth.reverb.active", b"synth.chorus.active"):
            lib.fluid_settings_setint(settings, name, 0)
        lib.fluid_settings_setint(settings, b"synth.dynamic-sample-loading", 1)
        self.synth = ctypes.c_void_p(lib.new_fluid_synth(settings))
        self.font = lib.fluid_synth_sfload(self.synth, path.encode(), 1)
        if self.font < 0:
            sys.exit(f"make_recordings: cannot read SoundFont '{path}'")
        self.known = {}

    def _render(self, frames):
        left, right = np.zeros(frames, np.float32), np.zeros(frames, np.float32)
        self.lib.fluid_synth_write_float(self.synth, frames, left.ctypes.data_as(ctypes.c_void_p), 0, 1,
                                         right.ctypes.data_as(ctypes.c_void_p), 0, 1)
        return (left + right) / 2

    def note(self, program, key, velocity, seconds, drum=False):
        held = 64 * max(1, round(seconds * RATE / 64))
        what = (program, key, velocity, held, drum)
        if what not in self.known:
            lib, channel = self.lib, 9 if drum else 0
            lib.fluid_synth_program_select(self.synth, channel, self.font, 128 if drum else 0, program)
            lib.fluid_synth_all_sounds_off(self.synth, -1)
            self._render(4096)
            while lib.fluid_synth_get_active_voice_count(self.synth):
                self._render(4096)
            lib.fluid_synth_noteon(self.synth, channel, key, velocity)
            sound = self._render(held)
            lib.fluid_synth_noteoff(self.synth, channel, key)
            sound = np.concatenate([sound, self._render(RATE if drum else RATE // 4)])
            sound[-480:] *= np.linspace(1, 0, 480)
            self.known[what] = sound
        return self.known[what]


def start_of(sound):
    """The sample at which a note first reaches 5 % of its peak within 60 ms."""
    size = np.abs(sound[:RATE * 60 // 1000])
    return int(np.argmax(size > 0.05 * size.max()))


def modelled_string(rng, key, velocity, seconds):
    """A plucked string: inharmonic partials in two planes, a little apart, so that they beat; plucked at a place;
    and the knock of the pick on the body."""
    count = int((seconds + 0.25) * RATE)
    t = np.arange(count) / RATE
    hz = 440 * 2 ** ((key - 69) / 12)
    place, stiff = rng.uniform(0.08, 0.3), 10 ** rng.uniform(-5, -4)
    ring, bright = rng.uniform(0.5, 3) * (110 / hz) ** 0.5, velocity / 127
    sound = np.zeros(count)
    for n in range(1, int(min(40, 11000 / hz)) + 1):
        size = np.sin(np.pi * n * place) / n ** (2.2 - bright) * np.exp(-n * (1 - bright) * 0.05)
        for plane in (0.7, 0.3):
            f = n * hz * np.sqrt(1 + stiff * n * n) + rng.uniform(-0.6, 0.6)
            sound += plane * size * np.exp(-t * (0.4 + 0.6 * n ** 0.8) / ring) * np.sin(2 * np.pi * f * t)
    knock = rng.standard_normal(2400) * np.exp(-np.arange(2400) / RATE / rng.uniform(0.001, 0.008))
    sound[:2400] += 0.15 * rng.uniform(0.2, 1) * np.abs(sound).max() * shape_spectrum(knock, 150, 5000)
    fade = int(rng.uniform(0.02, 0.1) * RATE)
    stop = int(seconds * RATE)
    sound[stop:] *= np.exp(-np.arange(count - stop) / fade)
    sound[-480:] *= np.linspace(1, 0, 480)
    return (0.25 * (velocity / 127) ** 1.7 * sound / np.abs(sound).max()).astype(np.float32)


def shape_spectrum(sound, low, high, tilt_db=0.0):
    """Band-pass with soft edges, and a tilt in dB an octave about 1 kHz."""
    size = 1 << (2 * len(sound) - 1).bit_length()
    spectrum = np.fft.rfft(sound, size)
    f = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 1)
    gain = 1 / np.sqrt((1 + (low / f) ** 4) * (1 + (f / high) ** 4)) * (f / 1000) ** (tilt_db / 6.02)
    # minimum phase: the filter may not sound before its input
    cepstrum = np.fft.irfft(np.log(np.maximum(gain, 1e-6)))
    cepstrum[1:size // 2] *= 2
    cepstrum[size // 2 + 1:] = 0
    return np.fft.irfft(spectrum * np.exp(np.fft.rfft(cepstrum)))[:len(sound)]


def add(buffer, sound, at):
    count = min(len(sound), len(buffer) - at)
    if count > 0:
        buffer[at:at + count] += sound[:count]


class Player:
    """One guitar in one hand: notes go into `sound`, onsets into `truth`."""

    def __init__(self, rng, sampler, guitar, seconds, touches=0.0, touch_db=-30.0):
        """touches: how often a string is felt for before it is struck, and how loud that is."""
        self.rng, self.sampler, self.guitar = rng, sampler, guitar
        self.touches, self.touch_db = touches, touch_db
        self.sound = np.zeros(int((seconds + 1) * RATE))
        self.end, self.truth = int(seconds * RATE), []

    def note(self, key, velocity, seconds):
        velocity = int(np.clip(velocity, 12, 124)) // 4 * 4
        if self.guitar == "string":
            return modelled_string(self.rng, key, velocity, seconds)
        return self.sampler.note(GUITARS[self.guitar], key, velocity, seconds)

    def strike(self, at, kind, keys, velocity, seconds, spread_s=0.0):
        """The strings of a chord one after the other, softer and softer; returns the sample of the onset."""
        first = None
        self.touch(at, velocity)
        for i, key in enumerate(keys):
            sound = self.note(key, velocity - 4 * i, seconds)
            when = at + int(RATE * spread_s * i / max(1, len(keys) - 1) * self.rng.uniform(0.85, 1.15))
            add(self.sound, sound, when)
            start = when + start_of(sound)
            first = start if first is None else min(first, start)
        self.truth.append((first, kind))


    def touch(self, at, velocity):
        """The finger or the pick comes to the string some time before it leaves it, is heard, and may damp it."""
        rng = self.rng
        if rng.random() >= self.touches:
            return
        when = max(0, at - int(RATE * rng.uniform(0.02, 0.09)))
        length = int(RATE * rng.uniform(0.003, 0.03))
        knock = rng.standard_normal(2 * length) * np.exp(-np.arange(2 * length) / (0.4 * length))
        knock = shape_spectrum(knock, 10 ** rng.uniform(1.8, 2.8), 10 ** rng.uniform(2.9, 3.9))
        size = 0.3 * (velocity / 100) ** 2 * 10 ** ((self.touch_db + rng.normal(0, 5)) / 20)
        if rng.random() < 0.5:
            keep, ramp = rng.uniform(0.1, 0.9), int(RATE * rng.uniform(0.003, 0.02))
            self.sound[when:when + ramp] *= np.linspace(1, keep, len(self.sound[when:when + ramp]))
            self.sound[when + ramp:] *= keep
        add(self.sound, size * knock / np.abs(knock).max(), when)


def play_phrase(player, style, seconds):
    rng = player.rng
    beat = 60 / rng.uniform(70, 170)
    step = beat / (4 if style in ("palm", "line") and (beat > 0.46 or style == "palm") and rng.random() < 0.6 else 2)
    chords = [CHORDS[i] for i in rng.permutation(len(CHORDS))[:4]]
    root, degree, t, i = int(rng.integers(45, 57)), 4, 0.35, 0
    while t < seconds - 0.6:
        at = int(RATE * (t + rng.normal(0, 0.006)))
        velocity = rng.normal(92 if i % 2 == 0 else 74, 12)
        chord = chords[i // 8 % 4]
        length = 1
        if rng.random() < (0.12 if style == "palm" else 0.22):
            pass
        elif style == "strum":
            keys = chord if i % 2 == 0 else chord[::-1][:max(3, len(chord) - 2)]
            if player.guitar in ("overdriven", "distortion"):
                keys = chord[:3]
            held = step * (0.95 if rng.random() < 0.8 else 0.5)
            player.strike(at, "strum", keys, velocity, held, rng.uniform(0.004, 0.028))
        elif style == "arp":
            player.strike(at, "arp", [chord[[0, 2, 3, 1, 3, 2, 3, 1][i % 8] % len(chord)]], velocity, 3 * step)
        elif style == "palm":
            keys = [chord[0], chord[0] + 7] if player.guitar in ("overdriven", "distortion") else [chord[0]]
            mute(player, at, keys, velocity, min(0.6 * step, 0.09))
        else:
            degree = int(np.clip(degree + rng.integers(-2, 3), 0, len(SCALE) - 1))
            length = int(rng.choice([1, 1, 1, 2]))
            held = 0.92 * length * step
            if rng.random() < 0.2 and held > 0.14:
                hammer(player, at, root + SCALE[degree], root + SCALE[min(degree + 1, 9)], velocity, held)
            else:
                player.strike(at, "pick", [root + SCALE[degree]], velocity, held)
        t += step * length
        i += length


def mute(player, at, keys, velocity, seconds):
    sound = np.zeros(int(RATE * (seconds + 0.1)))
    starts = []
    for i, key in enumerate(keys):
        note = player.note(key, velocity, seconds)
        delay = i * int(player.rng.integers(0, 200))
        add(sound, note, delay)
        starts.append(delay + start_of(note))
    stop = int(RATE * seconds)
    sound[stop:] *= np.exp(-np.arange(len(sound) - stop) / (0.012 * RATE))
    player.touch(at, velocity)
    add(player.sound, sound, at)
    player.truth.append((at + min(starts), "palm"))


def hammer(player, at, key, next_key, velocity, seconds):
    """A picked note that changes pitch half way without a second stroke."""
    half = int(RATE * max(seconds / 2, 0.07))
    picked = player.note(key, velocity, seconds)[:half + 240].copy()
    picked[half:] *= np.linspace(1, 0, len(picked) - half)
    add(player.sound, picked, at)
    player.truth.append((at + start_of(picked), "pick"))
    after = player.note(next_key, velocity - 8, seconds)
    after = after[start_of(after) + 1600:][:int(RATE * seconds / 2)].copy()
    after[:240] *= np.linspace(0, 1, 240)
    after[-480:] *= np.linspace(1, 0, 480)
    add(player.sound, after, at + half)
    player.truth.append((at + half, "hammer"))


def play_isolated(player, seconds, taps):
    """Notes with silence between them, from the softest to the loudest, and what a hand does besides."""
    rng, t = player.rng, 0.5
    while t < seconds - 1:
        gap = rng.uniform(0.5, 3)
        velocity, held = rng.uniform(24, 124), gap * rng.uniform(0.3, 1.3)
        at = int(RATE * t)
        if taps:
            sound = player.sampler.note(0, int(rng.choice(TAPS)), int(velocity) // 4 * 4, 0.3, True)
            sound = shape_spectrum(sound, rng.uniform(40, 120), 10 ** rng.uniform(2.7, 3.8))
            size = np.abs(sound).max()
        else:
            key = int(rng.integers(40, 77))
            sound = player.note(key, velocity, held)
            if rng.random() < 0.25:  # the heel of the hand on the bridge
                stop = int(RATE * rng.uniform(0.03, 0.15))
                sound = sound.copy()
                sound[stop:] *= np.exp(-np.arange(len(sound) - stop) / (RATE * rng.uniform(0.01, 0.04)))
            size = np.abs(sound).max()
            handle(player, at, held, size)
            player.touch(at, velocity)
        add(player.sound, sound, at)
        player.truth.append((at + start_of(sound), "tap" if taps else "note"))
        t += gap


def handle(player, at, held, size):
    """The pick touching the string, a squeak on the way to the next note, the damping hand: all 40 dB down."""
    rng = player.rng
    if rng.random() < 0.3:
        touch = rng.standard_normal(240) * np.hanning(240)
        add(player.sound, 0.01 * size * touch, max(0, at - int(RATE * rng.uniform(0.006, 0.02))))
    if rng.random() < 0.3:
        n = int(RATE * rng.uniform(0.05, 0.15))
        squeak = np.hanning(n) * np.sin(2 * np.pi * np.cumsum(np.linspace(*rng.uniform(1500, 5000, 2), n)) / RATE)
        add(player.sound, 0.01 * size * squeak, at + int(RATE * held * rng.uniform(0.5, 1.2)))
    if rng.random() < 0.5:
        damp = shape_spectrum(rng.standard_normal(2400) * np.exp(-np.arange(2400) / 600), 80, 2500)
        add(player.sound, 0.01 * size * damp, at + int(RATE * held))


def noise(rng, count, rms_db, tilt_db=0.0):
    sound = rng.standard_normal(count)
    if tilt_db:
        sound = shape_spectrum(sound, 30, 20000, tilt_db)
    return sound * 10 ** (rms_db / 20) / np.sqrt(np.mean(sound ** 2))


def hum(rng, count, rms_db):
    t = np.arange(count) / RATE
    sound = sum(size * np.sin(2 * np.pi * 50 * n * t + rng.uniform(0, 6.28))
                for n, size in ((1, 1), (2, 0.7), (3, 0.5), (4, 0.25), (6, 0.2), (10, 0.1)))
    return sound * 10 ** (rms_db / 20) / np.sqrt(np.mean(sound ** 2))


def room(rng, sound, wet_db, seconds):
    n = int(seconds * RATE)
    tail = rng.standard_normal(n) * np.exp(-6.9 * np.arange(n) / n)
    tail[:RATE // 250] = 0
    tail *= 10 ** (wet_db / 20) / np.sqrt(np.sum(tail ** 2))
    size = 1 << (len(sound) + n).bit_length()
    return sound + np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[:len(sound)]


def drums(rng, sampler, seconds, beat):
    sound, t, i = np.zeros(int((seconds + 2) * RATE)), 0.35, 0
    cymbal = int(rng.choice([42, 51]))
    while t < seconds:
        at = int(RATE * (t + rng.normal(0, 0.004)))
        add(sound, sampler.note(0, 46 if i % 8 == 7 else cymbal, int(rng.integers(64, 108)) // 4 * 4, 0.2, True), at)
        if i % 8 in (0, 5):
            add(sound, sampler.note(0, 36, 108, 0.2, True), at)
        if i % 8 in (2, 6):
            add(sound, sampler.note(0, 38, 108, 0.2, True), at)
        if i % 64 == 0:
            add(sound, sampler.note(0, 49, 100, 0.2, True), at)
        t += beat / 2
        i += 1
    return sound[:int(seconds * RATE)]


def bleed(rng, sampler, sound, peak_db):
    """Drums in the guitar's microphone; returns both the sum and what the drums played, aligned."""
    played = drums(rng, sampler, len(sound) / RATE, 60 / rng.uniform(80, 140))
    heard = shape_spectrum(played, 60, 9000)
    heard *= 10 ** (peak_db / 20) * np.abs(sound).max() / np.abs(heard).max()
    return sound + heard, 0.5 * played / np.abs(played).max()


def write_sound(path, sound):
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def write(folder, name, sound, truth, played=None):
    write_sound(os.path.join(folder, name + ".wav"), sound)
    if played is not None:
        write_sound(os.path.join(folder, name + ".drums.wav"), played)
    with open(os.path.join(folder, name + ".tsv"), "w") as out:
        for at, kind in sorted(truth):
            out.write(f"{at / RATE:.6f}\t{kind}\n")


def make_isolated(args, sampler):
    for guitar in list(GUITARS) + ["string", "taps"]:
        rng = np.random.default_rng([args.seed, len(guitar), ord(guitar[0])])
        player = Player(rng, sampler, "nylon" if guitar == "taps" else guitar, 60)
        play_isolated(player, 60, guitar == "taps")
        sound = player.sound[:player.end]
        sound *= 0.5 / np.abs(sound).max()
        sound = room(rng, sound, -18, 0.3) + noise(rng, len(sound), -68, -3) + hum(rng, len(sound), -68)
        write(args.out, f"isolated_{guitar}", sound, player.truth)


def make_playing(args, sampler):
    for guitar in [g for g in GUITARS if g != "harmonics"] + ["string"]:
        for style in ("strum", "line", "palm", "arp"):
            rng = np.random.default_rng([args.seed, len(guitar), ord(guitar[0]), len(style), ord(style[0])])
            player = Player(rng, sampler, guitar, 12, 0.3, -30)
            play_phrase(player, style, 12)
            sound = player.sound[:player.end]
            sound *= 0.5 / np.abs(sound).max()
            name = f"{guitar}_{style}"
            write(args.out, f"clean_{name}", sound, player.truth)
            far = room(rng, 0.1 * sound, -3, 0.5)
            level = 20 * np.log10(np.sqrt(np.mean(far ** 2)))
            write(args.out, f"far_{name}", far + noise(rng, len(far), level - 20, -3), player.truth)
            write(args.out, f"bleed_{name}", *reorder(bleed(rng, sampler, sound, -20), player.truth))


def reorder(pair, truth):
    return pair[0], truth, pair[1]


def make_varied(args, sampler):
    """What a detector is taught with: no two clips through the same chain."""
    for n in range(args.clips):
        rng = np.random.default_rng([args.seed, n])
        style = str(rng.choice(["strum", "line", "palm", "arp", "isolated", "taps"], p=[.25, .2, .15, .15, .2, .05]))
        alone = style in ("isolated", "taps")
        guitar = str(rng.choice(list(GUITARS) + ["string", "string"])) if alone else \
            str(rng.choice([g for g in GUITARS if g != "harmonics"] + ["string"]))
        seconds = 30 if alone else 12
        player = Player(rng, sampler, guitar, seconds, rng.choice([0, 0.3, 0.8]), rng.uniform(-36, -12))
        if alone:
            play_isolated(player, seconds, style == "taps")
        else:
            play_phrase(player, style, seconds)
        sound = player.sound[:player.end]
        sound /= np.abs(sound).max()
        if rng.random() < 0.15 and guitar not in ("overdriven", "distortion"):
            drive = 10 ** rng.uniform(0, 1.2)
            sound = np.tanh(drive * sound) / np.tanh(drive)
        if rng.random() < 0.6:
            sound = shape_spectrum(sound, 10 ** rng.uniform(1.3, 2.3), 10 ** rng.uniform(3.4, 4.3),
                                   rng.uniform(-4, 4))
        sound *= 0.5 * 10 ** (-rng.uniform(0, 20) / 20) / np.abs(sound).max()
        if rng.random() < 0.5:
            sound = room(rng, sound, -rng.uniform(3, 20), rng.uniform(0.15, 0.7))
        level, played = 20 * np.log10(np.sqrt(np.mean(sound ** 2)) + 1e-9), None
        if rng.random() < 0.25:
            sound, played = bleed(rng, sampler, sound, -rng.uniform(10, 35))
        sound = sound + noise(rng, len(sound), max(level - rng.uniform(18, 55), -90), rng.uniform(-5, 1))
        if rng.random() < 0.3:
            sound = sound + hum(rng, len(sound), level - rng.uniform(15, 45))
        write(args.out, f"{n:04d}_{guitar}_{style}", sound, player.truth, played)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("set", choices=("isolated", "playing", "varied"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clips", type=int, default=200, help="of a varied set")
    parser.add_argument("--soundfont", default="/usr/share/sounds/sf2/FluidR3_GM.sf2")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    sampler = Sampler(args.soundfont)
    {"isolated": make_isolated, "playing": make_playing, "varied": make_varied}[args.set](args, sampler)


if __name__ == "__main__":
    main()
