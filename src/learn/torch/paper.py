"""The paper's network (src/model/paper.h) in PyTorch: the same network, the same names, the same files."""
import math

import torch
from torch import nn

from groove import DRUMS, UNSEEN, Block, Linear, blocks, laplace

LOUD, UNIT_VELOCITY = 64.0, 25.0  # PAPER_LOUD, PAPER_VELOCITY
UNIT_BAR, UNIT_MS = 1 / 80, 25.0  # PAPER_BAR, PAPER_MS
FARTHEST = 16.0  # units of the bar: no hit is played further off
OUTPUTS, LOCATION = 2 * DRUMS + 1, 3
SCORE, PAST = DRUMS + LOCATION, OUTPUTS + LOCATION


class Paper(nn.Module):
    reads = {'score': 'score', 'g': 'g_bar', 'offset': 'offset_bar', 'velocity': 'velocity',
             'hit': 'hit', 'unit': 'unit'}

    def __init__(self, width=64, heads=16, hidden=256, encoders=6, decoders=6, window=16, before=10,
                 dropout=0.0):
        super().__init__()
        self.heads, self.window, self.before = heads, window, before
        self.score, self.past = Linear(SCORE, width), Linear(PAST, width)
        self.encoder = nn.ModuleList(Block(width, heads, hidden, dropout) for _ in range(encoders))
        self.decoder = nn.ModuleList(
            nn.ModuleDict({'self': Block(width, heads, 0, dropout),
                           'cross': Block(width, heads, hidden, dropout, cross=True)})
            for _ in range(decoders))
        self.norm, self.output = nn.LayerNorm(width), Linear(width, OUTPUTS)
        self.scale = nn.Parameter(torch.full((OUTPUTS,), -0.5))
        with torch.no_grad():
            self.output.weight *= 0.1  # begins near silence
        angle = (torch.arange(window, dtype=torch.float64)[:, None]
                 * 10000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width))
        positions = torch.stack([angle.sin(), angle.cos()], -1).flatten(1).float()
        self.register_buffer('positions', positions, persistent=False)

    def encode(self, score, valid):
        """score (B, T, SCORE) -> (B, T, width)"""
        bias = (1 - valid[:, None, None, :]) * UNSEEN
        x = self.score(score) + self.positions[:score.shape[1]]
        for block in self.encoder:
            x = block(x, bias)
        return x

    def decode(self, past, encoded, valid):
        """past (B, T, PAST): row i tells how step i - 1 was played -> (B, T, OUTPUTS)"""
        T = past.shape[1]
        bias = (1 - valid[:, None, None, :]) * UNSEEN
        ahead = torch.ones(T, T, device=past.device).triu(1) * UNSEEN
        x = self.past(past) + self.positions[:T]
        for layer in self.decoder:
            x = layer['self'](x, bias + ahead)
            x = layer['cross'](x, bias, encoded)
        return self.output(self.norm(x))

    def forward(self, batch):
        """The network learns from its own words: first with nothing played before, then with its last
        outputs as the past; the last time counts (src/learn/course_paper.c)."""
        encoded, outputs = self.encode(batch['score'], batch['valid']), None
        with torch.no_grad():
            self.decoder.eval()
            for _ in range(batch['rehearsals']):
                outputs = self.decode(recall(batch, outputs), encoded, batch['valid'])
            self.decoder.train(self.training)
        return self.decode(recall(batch, outputs), encoded, batch['valid'])

    def loss(self, outputs, batch, hits=None, steps=None):
        hit, valid, unit = batch['hit'] * batch['valid'][..., None], batch['valid'], batch['unit']
        delta, offset, guitar = outputs.split([DRUMS, DRUMS, 1], -1)
        delta_scale, offset_scale, guitar_scale = self.scale.split([DRUMS, DRUMS, 1])
        per_hit = (laplace(delta - batch['velocity'], delta_scale)
                   + laplace((offset - batch['offset']) * unit[..., None], offset_scale)) * hit
        per_step = laplace((guitar[..., 0] - batch['g']) * unit, guitar_scale) * valid
        hits = hit.sum() if hits is None else hits
        steps = valid.sum() if steps is None else steps
        return per_hit.sum() / hits + 0.5 * per_step.sum() / steps

    def play(self, corpus, recordings):
        """As Groove.play, all recordings side by side (src/model/paper_step.c)."""
        length, start = corpus.length[recordings], corpus.start[recordings]
        runs = [self.play_together(corpus, start, length, heard) for heard in (False, True)]
        for k, r in enumerate(recordings.tolist()):
            index = corpus.steps(r)
            ms = UNIT_BAR * corpus.bar_ms[index][:, None]
            yield index, *((ms * o[k, :len(index), DRUMS:2 * DRUMS],
                            corpus.scored[index] + UNIT_VELOCITY * o[k, :len(index), :DRUMS],
                            ms * o[k, :len(index), -1:]) for o in runs)

    def play_together(self, corpus, start, length, heard):
        """The outputs (recordings, longest, OUTPUTS), each step from those before it."""
        device, R, longest, W = start.device, len(start), int(length.max()), self.window
        t, within = torch.arange(W, device=device), lambda i: (i < length[:, None]).float()
        outputs = torch.zeros(R, longest, OUTPUTS, device=device)
        rows = torch.arange(R, device=device)[:, None]
        encoded, encoded_first = None, torch.full((R,), -1, device=device)
        for step in range(longest):
            first = torch.minimum((length - W).clamp(min=0), torch.tensor(max(0, step - self.before)))
            i = first[:, None] + t
            valid = within(i)
            index = (start[:, None] + i).clamp(max=len(corpus.x) - 1)
            batch = corpus.cut(self.reads, index, valid)
            batch['heard'], batch['blank'] = valid * heard, torch.zeros(R, 1, device=device)
            if encoded is None or bool((first != encoded_first).any()):
                encoded, encoded_first = self.encode(batch['score'], valid), first
            known = outputs[rows, i.clamp(max=longest - 1)]
            past = recall(batch, known) * (i <= step)[..., None]
            made = self.decode(past, encoded, valid)
            at = (step - first).clamp(max=W - 1)
            outputs[:, step] = made[rows[:, 0], at]
        return outputs

    def metadata(self):
        return {'model': 'paper', 'heads': str(self.heads), 'window': str(self.window),
                'before': str(self.before)}

    @staticmethod
    def sizes(tensors, metadata):
        return dict(width=tensors['norm.bias'].numel(), hidden=tensors['encoder.0.up.bias'].numel(),
                    encoders=blocks('encoder', tensors), decoders=blocks('decoder', tensors),
                    **{key: int(metadata[key]) for key in ('heads', 'window', 'before')})


def recall(batch, outputs):
    """Row i + 1 from step i: how it was played (`outputs`; None or blank: unknown), where the guitar
    was heard, else expected; and where step i + 1 lies (paper_recall, paper_window_past)."""
    score, heard = batch['score'], batch['heard'][..., None]
    played, guitar = torch.zeros_like(score[..., :DRUMS]).repeat(1, 1, 2), batch['g'][..., None] * heard
    if outputs is not None:
        known = 1 - batch['blank'][..., None]
        hit = (score[..., :DRUMS] > 0).float() * known
        loud = LOUD * score[..., :DRUMS] + UNIT_VELOCITY * outputs[..., :DRUMS]
        offset = outputs[..., DRUMS:].clamp(-FARTHEST, FARTHEST)
        played = torch.cat([loud.clamp(1, 127) / LOUD * hit, offset[..., :DRUMS] * hit], -1)
        guitar = torch.where(known * heard > 0, guitar.clamp(-FARTHEST, FARTHEST), guitar)
        guitar = guitar + offset[..., DRUMS:] * known * (1 - heard)
    told = torch.cat([played, guitar], -1)
    told = torch.cat([torch.zeros_like(told[:, :1]), told[:, :-1]], 1)
    return torch.cat([told, score[..., DRUMS:]], -1)
