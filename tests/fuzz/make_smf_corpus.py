#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/smf: small MIDI files, one for each shape that the reader knows."""

import pathlib
import struct

END = b"\x00\xff\x2f\x00"
TEMPO = b"\x00\xff\x51\x03\x07\xa1\x20"
BEAT = b"\x00\x99\x24\x64\x30\x89\x24\x00\x00\x99\x26\x50\x30\x99\x26\x00"


def track(data):
    return b"MTrk" + struct.pack(">I", len(data)) + data


def song(tracks, form=1, ppq=96, declared=None):
    header = struct.pack(">IHHH", 6, form, len(tracks) if declared is None else declared, ppq)
    return b"MThd" + header + b"".join(tracks)


FILES = {
    "format0": song([track(TEMPO + BEAT * 4 + END)], form=0),
    "format1": song([track(TEMPO + END), track(BEAT * 4 + END)]),
    "running-status": song([track(b"\x00\x99\x24\x64\x18\x26\x50\x18\x2a\x40\x00\x2a\x00" + END)]),
    "metres": song([track(b"\x00\xff\x58\x04\x07\x03\x18\x08" + BEAT + b"\x30\xff\x58\x04\x05\x04"
                          b"\x18\x08" + TEMPO + BEAT * 2 + END)]),
    "named": song([track(b"\x00\xff\x03\x05Drums\x00\x92\x26\x50\x30\x82\x26\x00" + END)]),
    "sysex": song([track(b"\x00\xf0\x05\x7e\x7f\x09\x01\xf7\x00\xf7\x01\xf8" + BEAT + END)]),
    "metas": song([track(b"\x00\xff\x01\x81\x00" + b"x" * 128 + b"\x00\xff\x7f\x04\0\0\0\x01"
                         b"\x00\xff\x4b\x00" + BEAT + END)]),
    "controllers": song([track(b"\x00\xc9\x10\x00\xb9\x04\x5a\x00\xe9\x00\x40\x00\xd9\x01" + BEAT
                               + END)]),
    "coarse": song([track(BEAT + END)], ppq=1),
    "fine": song([track(BEAT + END)], ppq=32767),
    "empty-track": song([track(TEMPO + BEAT + END), track(END)]),
    "no-end": song([track(BEAT)]),
    "alien": song([b"XFIH\0\0\0\x02hi", track(BEAT + END), b"tail"], declared=1),
    "no-drums": song([track(b"\x00\x90\x3c\x40\x30\x80\x3c\x00" + END)]),
    "frames": song([track(BEAT + END)], ppq=0xE728),
    "format2": song([track(BEAT + END)], form=2),
    "cut": song([track(BEAT * 8 + END)])[:60],
}

folder = pathlib.Path(__file__).parent / "corpus" / "smf"
folder.mkdir(parents=True, exist_ok=True)
for name, data in FILES.items():
    (folder / f"{name}.mid").write_bytes(data)
