#!/usr/bin/python3
"""How well the program hears: scores `rolypoly onsets` on recordings whose onsets are known.

  score_listening.py [--program build/rolypoly] [--aubio] [--tolerance MS] [--bias] [--sensitivity DB] FOLDER...

A folder holds NAME.wav and NAME.tsv (or NAME.txt): the onsets in seconds in the first column, anything after a tab.
NAME.VARIANT.wav shares NAME.tsv. NAME.drums.wav beside NAME.wav is what the drums played (see make_recordings.py).
One line for each folder and each variant or kind of recording in it: F1, precision, recall; mean and SD of the error in
time; latency of the decision. --bias takes a constant error of the labels out first, one for the folder (labels from a
string's pickup lie after the sound at the microphone). --aubio scores aubio beside it, with its usual settings of three
methods, the best of them for each line: a yardstick that may choose.

Needs numpy; aubio only when asked for (Debian: python3-numpy, python3-aubio)."""
import argparse
import glob
import json
import os
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    sys.exit("score_listening: numpy is not here (Debian: python3-numpy)")

WIDE_S = 0.05  # within which a bias is looked for
AUBIO = [("hfc", 512, 64), ("specflux", 512, 64), ("mkl", 256, 64)]


def read_truth(path):
    stem = path[:-len(".wav")]
    folder, name = os.path.split(stem)
    for candidate in (stem, os.path.join(folder, name.split(".")[0]), stem.replace("_mic", "")):
        for ending in (".tsv", ".txt"):
            if os.path.exists(candidate + ending):
                with open(candidate + ending) as lines:
                    rows = [line.rstrip("\n").split("\t") for line in lines if line.strip()]
                return np.array([float(row[0]) for row in rows])
    return None


def recordings(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.wav"))):
        truth = None if path.endswith(".drums.wav") else read_truth(path)
        if truth is not None:
            yield path, truth


def group_of(path):
    """The variant, or what stands before the first _ of a made set's name."""
    name = os.path.basename(path)[:-len(".wav")]
    return name.split(".")[1] if "." in name else name.split("_")[0] if "_" in name else name


def hear(program, path, sensitivity):
    """Onsets as rows of (when, decided when), seconds."""
    command = [program, "onsets", path, "--json"]
    drums = path[:-len(".wav")] + ".drums.wav"
    if os.path.exists(drums):
        command += ["--drums", drums]
    if sensitivity:
        command += ["--sensitivity", str(sensitivity)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode:
        sys.exit(f"score_listening: {' '.join(command)}: {said.stderr.strip()}")
    found = [(one["time_s"], one.get("decided_s", one["time_s"])) for one in json.loads(said.stdout)["onset"]]
    return np.array(found).reshape(-1, 2)


def hear_with_aubio(path, method, window, hop):
    import aubio
    source = aubio.source(path, 0, hop)
    detector = aubio.onset(method, window, hop, source.samplerate)
    found, read, at = [], hop, 0
    while read == hop:
        samples, read = source()
        at += read
        if detector(samples):
            found.append((detector.get_last() / source.samplerate, at / source.samplerate))
    return np.array(found).reshape(-1, 2)


def pair(truth, found, within):
    """One to one, the nearest first."""
    near = [(abs(f - t), i, j) for i, t in enumerate(truth) for j, f in enumerate(found) if abs(f - t) <= within]
    pairs, used_truth, used_found = [], set(), set()
    for _, i, j in sorted(near):
        if i not in used_truth and j not in used_found:
            used_truth.add(i)
            used_found.add(j)
            pairs.append((i, j))
    return pairs


def score(heard, tolerance_s, bias_s):
    right = found = struck = 0
    error, latency = [], []
    for truth, onsets in heard:
        pairs = pair(truth, onsets[:, 0] - bias_s, tolerance_s)
        right, found, struck = right + len(pairs), found + len(onsets), struck + len(truth)
        error += [onsets[j, 0] - bias_s - truth[i] for i, j in pairs]
        latency += [onsets[j, 1] - truth[i] for i, j in pairs]
    precision, recall = right / max(1, found), right / max(1, struck)
    return {"f": 2 * precision * recall / max(1e-9, precision + recall), "precision": precision, "recall": recall,
            "struck": struck, "mean": 1000 * np.mean(error or [0]), "sd": 1000 * np.std(error or [0]),
            "p50": 1000 * np.percentile(latency or [0], 50), "p95": 1000 * np.percentile(latency or [0], 95)}


def bias_of(heard):
    error = [onsets[j, 0] - truth[i] for truth, onsets in heard for i, j in pair(truth, onsets[:, 0], WIDE_S)]
    return float(np.median(error)) if error else 0.0


def tell(name, who, result):
    print(f"{name:28s} {who:10s} {result['struck']:5d} struck  F {result['f']:.3f}  P {result['precision']:.3f}  "
          f"R {result['recall']:.3f}  error {result['mean']:+5.1f} sd {result['sd']:4.1f} ms  "
          f"known after {result['p50']:4.1f}, 95 % {result['p95']:4.1f} ms", flush=True)


def score_folder(args, folder):
    files = list(recordings(folder))
    if not files:
        sys.exit(f"score_listening: no recordings with onsets in '{folder}'")
    listeners = {"rolypoly": lambda path: hear(args.program, path, args.sensitivity)}
    if args.aubio:
        for method in AUBIO:
            listeners["aubio " + method[0]] = lambda path, m=method: hear_with_aubio(path, *m)
    lines = {}
    for who, listen in listeners.items():
        heard = [(path, truth, listen(path)) for path, truth in files]
        bias_s = bias_of([one[1:] for one in heard]) if args.bias else 0.0
        groups = ["all"] if args.bias else sorted({group_of(path) for path, _ in files})
        for group in groups:
            these = [one[1:] for one in heard if group == "all" or group_of(one[0]) == group]
            lines.setdefault(group, []).append((who, score(these, args.tolerance / 1000, bias_s)))
    for group, results in lines.items():
        name = f"{os.path.basename(os.path.normpath(folder))} {group}"
        tell(name, *results[0])
        if results[1:]:
            tell(name, *max(results[1:], key=lambda one: one[1]["f"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--program", default="build/rolypoly")
    parser.add_argument("--aubio", action="store_true")
    parser.add_argument("--bias", action="store_true")
    parser.add_argument("--tolerance", type=float, default=25.0, metavar="MS")
    parser.add_argument("--sensitivity", type=float, default=0.0, metavar="DB")
    args = parser.parse_args()
    if args.aubio:
        try:
            import aubio  # noqa: F401
        except ImportError:
            sys.exit("score_listening: aubio is not here (Debian: python3-aubio)")
    for folder in args.folders:
        score_folder(args, folder)


if __name__ == "__main__":
    main()
