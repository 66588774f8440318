"""Recordings as `rolypoly pretrain DIR --export FILE` wrote them (src/learn/export_corpus.h), and how far
from them a network plays."""
import torch

import paper
from groove import UNIT_MS, UNIT_VELOCITY


class Corpus:
    """One part of the file: every tensor has a row a step, the recordings follow one another."""

    def __init__(self, tensors, part, device='cpu'):
        def get(name):
            return tensors[f'{part}.{name}'].to(device)
        self.x, self.bin, self.score = get('x'), get('bin').long(), get('score')
        self.scored, self.played = get('scored'), get('velocity')
        self.hit = (self.scored > 0).float()
        self.velocity = (self.played - self.scored) / UNIT_VELOCITY * self.hit
        self.offset_ms, guitar_ms = get('offset_ms') * self.hit, get('guitar_ms')
        self.offset, self.g = self.offset_ms / UNIT_MS, guitar_ms / UNIT_MS
        self.bar_ms, self.reach_ms = get('bar_ms'), get('reach_ms')
        unit_ms = self.bar_ms * paper.UNIT_BAR
        self.offset_bar, self.g_bar = self.offset_ms / unit_ms[:, None], guitar_ms / unit_ms
        self.unit = unit_ms / paper.UNIT_MS
        self.bar, self.start, self.beat = get('bar').long(), get('start').long(), get('beat') > 0
        ends = torch.cat([self.start[1:], self.start.new_tensor([len(self.x)])])
        self.length = ends - self.start

    def steps(self, recording):
        first = int(self.start[recording])
        return torch.arange(first, first + int(self.length[recording]), device=self.start.device)

    def cut(self, reads, index, valid):
        """Steps `index` (B, T) as a batch, zeros where not valid; `reads` {name in the batch: name here}."""
        batch = {'valid': valid}
        for name, source in reads.items():
            rows = getattr(self, source)[index]
            batch[name] = rows * valid.to(rows.dtype).view(valid.shape + (1,) * (rows.dim() - 2))
        return batch


@torch.inference_mode()
def validate(model, corpus):
    """Mean absolute errors over the hits of all grooves, as `rolypoly evaluate` counts them: timing in
    ms and velocity with nothing heard, and timing when the guitar that the network expects is followed,
    the true past heard."""
    model.eval()
    sums, hits = torch.zeros(3, dtype=torch.float64), 0

    def add(k, error, hit):
        sums[k] += (error.abs() * hit).sum().double().cpu()

    for index, alone, heard in model.play(corpus, corpus.beat.nonzero().flatten()):
        hit, real_ms, played = corpus.hit[index], corpus.offset_ms[index], corpus.played[index]
        early, late = corpus.reach_ms[index].split(1, -1)
        own_ms, velocity, _ = alone
        add(0, torch.clamp(own_ms, -early, late) - real_ms, hit)
        add(1, velocity.clamp(1, 127).round() - played, hit)
        own_ms, _, guitar_ms = heard
        mean_ms = (own_ms * hit).sum(-1, keepdim=True) / hit.sum(-1, keepdim=True).clamp(min=1)
        add(2, torch.clamp(own_ms + guitar_ms - mean_ms, -early, late) - real_ms, hit)
        hits += int(hit.sum())
    model.train()
    return dict(zip(('offset_mae_ms', 'velocity_mae', 'heard_offset_mae_ms'), (sums / hits).tolist()))
