#!/usr/bin/env python3
"""The program beside PyTorch, on this machine, in one run: `make bench`. One thread and processor time, as
the program counts, so that what else runs does not count; but a lesson is wall time and two threads.

    bench.py PROGRAM MODEL SONG    MODEL: a groove's weights; SONG: MIDI, what the program's bench plays
"""
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from torch.nn.utils import clip_grad_norm_

import checkpoint
import models
import train
from corpus import Corpus
from groove import DRUMS, Groove
from player import Player
from windows import GrooveWindows

DROPOUT, BATCH, WINDOW = 0.15, 16, 128  # pretrain_defaults()
LESSON_PASSES, LESSON_RATE, LESSON_STEPS = 10, 3e-5, 768  # lesson_defaults, MOST_STEPS
LESSON_WEIGHTS = dict(velocity=0.1, offset=0.3, guitar=1.0, human=3.0)


def fastest(work, rounds, clock=time.process_time):
    times = []
    for _ in range(rounds):
        begun = clock()
        work()
        times.append(clock() - begun)
    return min(times)


def program_figures(program):
    out = subprocess.run([program, 'bench', '--json'], stdout=subprocess.PIPE, check=True).stdout
    return json.loads(out)


def read_song(program, song):
    with tempfile.TemporaryDirectory() as folder:
        link = pathlib.Path(folder) / 'song.mid'
        link.symlink_to(pathlib.Path(song).resolve())
        (pathlib.Path(folder) / 'info.csv').write_text(
            'midi_filename,split,beat_type\nsong.mid,train,beat\nsong.mid,validation,beat\n')
        subprocess.run([program, 'pretrain', folder, '--export', folder + '/export'],
                       stdout=subprocess.DEVNULL, check=True)
        return Corpus(checkpoint.read(folder + '/export')[0], 'train')


def play(player, g):
    """Hears the step before, expects the next; microseconds of each step."""
    times = []
    for i in range(len(g)):
        begun = time.process_time()
        if i > 0:
            player.hear(i - 1, g[i - 1])
        player.predict(i)
        times.append(1e6 * (time.process_time() - begun))
    return times


@torch.inference_mode()
def step_us(model, song):
    """Medians of a step with everything cached, plain and compiled."""
    x, bin, T = song.x[None], song.bin[None], len(song.x)
    g = [0.8 * math.sin(i) for i in range(T)]
    one = torch.ones(1, T)
    batch = {'x': x, 'bin': bin, 'g': torch.tensor([g]), 'heard': one, 'valid': one}
    wanted = model(batch)[0, -1]
    medians = []
    for compiled in (lambda p: p, torch.jit.script):
        tries = []
        for _ in range(3):
            player = compiled(Player(model, x, bin))
            tries.append(statistics.median(play(player, g)))
            assert (player.predict(T - 1) - wanted).abs().max() < 1e-4, 'another network'
        medians.append(min(tries))
    return medians


def lesson(path, song):
    """Gradient steps on a take (src/learn/lesson_groove.c): one row hears, one is alone."""
    T = min(len(song.x), LESSON_STEPS)
    g = (0.8 * torch.sin(torch.arange(T))).expand(2, -1)
    heard = torch.stack([(torch.arange(T) % 20 > 0).float(), torch.zeros(T)])
    batch = {'x': song.x[:T].expand(2, -1, -1), 'bin': song.bin[:T].expand(2, -1), 'g': g,
             'heard': heard, 'valid': torch.ones(2, T)}
    met, hit = heard[0].expand(2, -1), song.hit[:T].expand(2, -1, -1)
    model = models.load(path)
    adam = torch.optim.AdamW(model.parameters(), lr=LESSON_RATE, betas=(0.9, 0.98), eps=1e-8,
                             weight_decay=0, foreach=True)

    def mean(square, where):
        return (square * where).sum() / where.sum()

    for epoch in range(LESSON_PASSES + 1):
        offset, _, delta, _, guitar = model(batch).split([DRUMS] * 4 + [2], -1)
        if epoch == 0:
            teacher = offset[1].detach()
        terms = dict(velocity=mean(delta ** 2, hit),
                     offset=mean((offset - g[..., None]) ** 2, hit * met[..., None]),
                     guitar=mean((guitar[..., 0] - g) ** 2, met),
                     human=mean((offset[1] - teacher) ** 2, hit[1]))
        if epoch < LESSON_PASSES:
            adam.zero_grad(set_to_none=True)
            sum(LESSON_WEIGHTS[name] * term for name, term in terms.items()).backward()
            clip_grad_norm_(model.parameters(), 1.0)
            adam.step()


def training_ms(path, song):
    model = models.load(path, DROPOUT)
    adam = train.optimizer(model, 1e-4)
    batch = GrooveWindows(song, Groove.reads).draw(BATCH, WINDOW, torch.Generator().manual_seed(1))
    return 1e3 * fastest(lambda: train.train_step(model, adam, batch, 1e-4), 8)


def matmul_gflops():
    """The machine's single-precision rate as torch.mm has it, best of the sizes; and whose it is."""
    best = 0
    for n in (1024, 2048, 4096):
        a, b = torch.randn(n, n), torch.randn(n, n)
        if best and 2e-9 * n ** 3 / best > 20:
            break
        best = max(best, 2e-9 * n ** 3 / fastest(lambda: torch.mm(a, b), 3))
    with open('/proc/self/maps') as maps:
        libraries = {line.split('/')[-1].strip() for line in maps if 'blas' in line.rsplit('/', 1)[-1]}
    return best, ', '.join(sorted(libraries)) or 'its own'


def row(name, ours, theirs, unit):
    if ours is None:
        print(f'{name:34}{"-":>10}{theirs:>10.2f} {unit}')
    else:
        print(f'{name:34}{ours:>10.2f}{theirs:>10.2f} {unit:6}{theirs / ours:>8.1f} times as fast')


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    program, path, song_path = sys.argv[1:]
    torch.set_num_threads(1)
    song = read_song(program, song_path)
    runs = [program_figures(program)]
    plain, compiled = step_us(models.load(path).eval(), song)
    torch_training = training_ms(path, song)
    rate, library = matmul_gflops()
    torch.set_num_threads(2)
    torch_lesson = fastest(lambda: lesson(path, song), 2, time.perf_counter)
    runs.append(program_figures(program))  # before and after: what else runs here disturbs both

    def best(key, pick=min):
        found = [run[key]['p50'] if isinstance(run[key], dict) else run[key]
                 for run in runs if run.get(key) is not None]
        return pick(found) if found else None

    print(f'\nPyTorch {torch.__version__} ({library}); of the program the better of two runs\n')
    if library.startswith('libblas.so') and ',' not in library:
        print('that is the reference BLAS: with libopenblas0-pthread PyTorch is much faster\n')
    print(f'{"":34}{"rolypoly":>10}{"PyTorch":>10}')
    row('live step, the network alone', best('groove_step_us'), plain, 'us')
    row('the same, by TorchScript', best('groove_step_us'), compiled, 'us')
    row('a lesson, two threads', best('finetune_s'), torch_lesson, 's')
    row(f'a training step, {BATCH} x {WINDOW}', best('train_step_ms'), torch_training, 'ms')
    rates = {'torch.mm': rate, 'rolypoly': best('matmul_gflops', max)}
    print('\nmatrix products: ' + ', '.join(f'{who} {r:.1f}' for who, r in rates.items() if r)
          + ' GFLOP/s, single precision')
    training = best('train_gflops', max)
    if training:
        most = max(r for r in rates.values() if r)
        print(f'training: {training:.1f} GFLOP/s, {100 * training / most:.0f} % of the better')


if __name__ == '__main__':
    main()
