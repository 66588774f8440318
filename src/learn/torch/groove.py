"""The groove (src/model/groove.h) in PyTorch: the same network, the same names, the same files.

Sizes come from the tensors and the metadata, so a groove of another shape loads unchanged."""
import math

import torch
import torch.nn.functional as F
from torch import nn

DRUMS = 9
UNIT_MS, UNIT_VELOCITY = 25.0, 25.0  # GROOVE_MS, GROOVE_VELOCITY
SCALE_MIN, SCALE_MAX = -4.0, 3.0
BINS, BINS_PER_QUARTER = 48, 12  # of the bar
OUTPUTS = 4 * DRUMS + 2  # offset, its log scale, velocity, its log scale; the guitar, its log scale
ENCODER, MEMORY, DECODER = range(3)  # kinds of attention, each with biases of its own
UNSEEN = -1e30



class Linear(nn.Module):
    """Weights are (in, out), as the checkpoint has them."""

    def __init__(self, n_in, n_out):
        super().__init__()
        bound = 1 / math.sqrt(n_in)
        self.weight = nn.Parameter(torch.empty(n_in, n_out).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(n_out).uniform_(-bound, bound))

    def forward(self, x):
        return F.linear(x, self.weight.t(), self.bias)


class Block(nn.Module):
    """A pre-norm Transformer block that attends to its own input, or to `memory`; without feed-forward
    where `hidden` is 0."""

    def __init__(self, width, heads, hidden, dropout, cross=False):
        super().__init__()
        self.heads, self.hidden, self.dropout = heads, hidden, dropout
        self.norm1 = nn.LayerNorm(width)
        if cross:
            self.norm_memory = nn.LayerNorm(width)
        self.q, self.kv = Linear(width, width), Linear(width, 2 * width)
        self.proj = Linear(width, width)
        if hidden:
            self.norm2 = nn.LayerNorm(width)
            self.up, self.down = Linear(width, hidden), Linear(hidden, width)

    def drop(self, x):
        return F.dropout(x, self.dropout, self.training)

    def split(self, x):
        """(B, T, C) -> (B, heads, T, C / heads)"""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def attend(self, y, m, bias):
        q = self.split(self.q(y))
        k, v = map(self.split, self.kv(m).chunk(2, -1))
        p = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias, -1)
        return self.proj((p @ v).transpose(1, 2).flatten(2))

    def forward(self, x, bias, memory=None):
        y = self.norm1(x)
        x = x + self.drop(self.attend(y, y if memory is None else self.norm_memory(memory), bias))
        if not self.hidden:
            return x
        y = self.drop(F.gelu(self.up(self.norm2(x))))
        return x + self.drop(self.down(y))


class Groove(nn.Module):
    reads = {name: name for name in ('x', 'bin', 'g', 'offset', 'velocity', 'hit')}

    def __init__(self, inputs, width=64, heads=4, hidden=256, encoders=6, decoders=2, reach=32,
                 encoder_band=48, memory_band=128, dropout=0.0):
        super().__init__()
        self.reach, self.encoder_band, self.memory_band = reach, encoder_band, memory_band
        sizes = width, heads, hidden, dropout
        self.input = Linear(inputs, width)
        self.encoder = nn.ModuleList(Block(*sizes) for _ in range(encoders))
        self.heard = Linear(3, width)
        self.memory = Block(*sizes)
        self.null = nn.Parameter(torch.zeros(width))
        self.decoder = nn.ModuleList(Block(*sizes, cross=True) for _ in range(decoders))
        self.relative = nn.Parameter(torch.zeros(3, heads, 2 * reach + 1))
        self.same = nn.Parameter(torch.zeros(3, heads, 2))
        self.norm = nn.LayerNorm(width)
        self.output = Linear(width, OUTPUTS)
        nn.init.normal_(self.output.weight, std=0.01)  # begins near silence

    def bias(self, kind, bin, seen):
        """(B, heads, T, T): what is added to the scores, and who sees whom."""
        i = torch.arange(bin.shape[1], device=bin.device)
        distance = i - i[:, None]  # of the key from the query
        meet = lambda place: place[:, None, :, None] == place[:, None, None, :]
        bar, beat = meet(bin), meet(bin % BINS_PER_QUARTER)
        relative = self.relative[kind][:, distance.clamp(-self.reach, self.reach) + self.reach]
        same = self.same[kind][..., None, None]
        bias = relative + same[:, 0] * bar + same[:, 1] * beat
        before = self.encoder_band if kind == ENCODER else self.memory_band
        after = {ENCODER: self.encoder_band, MEMORY: 0, DECODER: -1}[kind]
        sees = (distance >= -before) & (distance <= after) & (seen[:, None, :] > 0)
        if kind == MEMORY:
            sees = sees | (distance == 0)
        return bias.masked_fill(~sees[:, None], UNSEEN)

    def forward(self, batch):
        """x (B, T, inputs), bin, g, heard, valid (B, T) -> (B, T, OUTPUTS); where not valid, anything."""
        valid, heard = batch['valid'], batch['heard'] * batch['valid']
        e = self.input(batch['x'])
        bias = self.bias(ENCODER, batch['bin'], valid)
        for block in self.encoder:
            e = block(e, bias)
        g = batch['g'] * heard
        m = e + self.heard(torch.stack([g, heard, g.abs()], -1))
        m = self.memory(m, self.bias(MEMORY, batch['bin'], heard))
        m = torch.cat([self.null.expand(len(m), 1, -1), m], 1)
        bias = F.pad(self.bias(DECODER, batch['bin'], heard), (1, 0))
        for block in self.decoder:
            e = block(e, bias, m)
        return self.output(self.norm(e))

    def loss(self, outputs, batch, hits=None, steps=None):
        """Laplace negative log likelihoods (src/model/groove_loss.c). `hits` and `steps`: what to
        divide by, where the batch is a part of a larger one."""
        hit, valid = batch['hit'] * batch['valid'][..., None], batch['valid']
        offset, offset_scale, delta, delta_scale, guitar = outputs.split([DRUMS] * 4 + [2], -1)
        per_hit = (laplace(batch['offset'] - offset, offset_scale)
                   + laplace(batch['velocity'] - delta, delta_scale)) * hit
        per_step = laplace(batch['g'] - guitar[..., 0], guitar[..., 1]) * valid
        hits = hit.sum() if hits is None else hits
        steps = valid.sum() if steps is None else steps
        return per_hit.sum() / hits + 0.5 * per_step.sum() / steps

    def play(self, corpus, recordings):
        """For each recording its steps, and twice, with nothing heard and with the true past heard: the
        drummer's own offsets in ms (T, DRUMS), the velocities, the guitar expected, in ms (T, 1)."""
        for r in recordings:
            index = corpus.steps(r)
            one = torch.ones(1, len(index), device=index.device)
            b = corpus.cut(self.reads, index[None], one)
            alone, heard = (self({**b, 'heard': one * h})[0] for h in (0, 1))
            own = UNIT_MS * alone[:, :DRUMS]
            velocity = corpus.scored[index] + UNIT_VELOCITY * alone[:, 2 * DRUMS:3 * DRUMS]
            yield index, *((own, velocity, UNIT_MS * o[:, 4 * DRUMS:-1]) for o in (alone, heard))

    def metadata(self):
        return {'model': 'groove', 'encoder_band': str(self.encoder_band),
                'memory_band': str(self.memory_band)}

    @staticmethod
    def sizes(tensors, metadata):
        inputs, width = tensors['input.weight'].shape
        _, heads, distances = tensors['relative'].shape
        return dict(inputs=inputs, width=width, heads=heads, hidden=tensors['memory.up.bias'].numel(),
                    encoders=blocks('encoder', tensors), decoders=blocks('decoder', tensors),
                    reach=distances // 2, encoder_band=int(metadata['encoder_band']),
                    memory_band=int(metadata['memory_band']))


def laplace(error, log_scale):
    """Negative log likelihood but for log 2."""
    log_scale = log_scale.clamp(SCALE_MIN, SCALE_MAX)
    return error.abs() * torch.exp(-log_scale) + log_scale


def blocks(stack, tensors):
    return len({name.split('.')[1] for name in tensors if name.startswith(stack + '.')})
