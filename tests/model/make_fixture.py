#!/usr/bin/python3
"""The groove (src/model/groove.h) once more, in PyTorch: the yardstick of the C network.

    make_fixture.py            writes groove_fixture.safetensors beside this script: weights, a
                               batch, outputs, loss, and the gradient of every weight
    make_fixture.py --corpus   writes ../fuzz/corpus/checkpoint: a tiny groove, whole and damaged
    make_fixture.py --time     seconds of a training step at the default size, one thread
"""
import json
import math
import pathlib
import struct
import sys
import time

import torch
import torch.nn.functional as F

OUTPUTS = 38


def weights(inputs, width, heads, hidden, encoders, decoders, reach):
    """Every weight, random; matrices are (in, out)."""
    w = {}

    def linear(name, n_in, n_out):
        w[name + '.weight'] = torch.randn(n_in, n_out) / math.sqrt(n_in)
        w[name + '.bias'] = 0.3 * torch.randn(n_out)

    def norm(name):
        w[name + '.weight'] = 1 + 0.3 * torch.randn(width)
        w[name + '.bias'] = 0.3 * torch.randn(width)

    def block(name, cross=False):
        for n in ['norm1', 'norm2'] + ['norm_memory'] * cross:
            norm(name + n)
        linear(name + 'q', width, width)
        linear(name + 'kv', width, 2 * width)
        linear(name + 'proj', width, width)
        linear(name + 'up', width, hidden)
        linear(name + 'down', hidden, width)

    linear('input', inputs, width)
    linear('heard', 3, width)
    linear('output', width, OUTPUTS)
    norm('norm')
    block('memory.')
    for i in range(encoders):
        block(f'encoder.{i}.')
    for i in range(decoders):
        block(f'decoder.{i}.', True)
    w['null'] = torch.randn(width)
    w['relative'] = torch.randn(3, heads, 2 * reach + 1)
    w['same'] = torch.randn(3, heads, 2)
    return {k: v.requires_grad_() for k, v in w.items()}


class Groove:
    def __init__(self, w, encoder_band, memory_band, dropout=0.0):
        self.w, self.dropout = w, dropout
        self.heads, self.reach = w['relative'].shape[1], w['relative'].shape[2] // 2
        self.bands = encoder_band, memory_band
        self.count = [sum(f'{s}.{i}.q.bias' in w for i in range(99)) for s in ('encoder', 'decoder')]

    def linear(self, name, x):
        return x @ self.w[name + '.weight'] + self.w[name + '.bias']

    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.w[name + '.weight'], self.w[name + '.bias'])

    def drop(self, x):
        return F.dropout(x, self.dropout, self.dropout > 0)

    def bias(self, kind, bin, seen):
        """(B, H, T, T): biases, -inf where a query may not look."""
        T = bin.shape[1]
        i = torch.arange(T)
        distance = i[None, :] - i[:, None]
        same = torch.stack([bin[:, :, None] == bin[:, None, :],
                            bin[:, :, None] % 12 == bin[:, None, :] % 12], -1).float()
        bias = (self.w['relative'][kind][:, distance.clamp(-self.reach, self.reach) + self.reach]
                + torch.einsum('bijs,hs->bhij', same, self.w['same'][kind]))
        band = self.bands[kind > 0]
        near = (distance >= -band) & (distance <= (band, 0, -1)[kind])
        ok = near & (seen[:, None, :] > 0)
        if kind == 1:
            ok = ok | torch.eye(T, dtype=torch.bool)
        return bias.masked_fill(~ok[:, None], -1e30)

    def block(self, name, x, bias, memory=None):
        B, T, C = x.shape
        split = lambda y: y.view(B, -1, self.heads, C // self.heads).transpose(1, 2)
        y = self.norm(name + 'norm1', x)
        m = y if memory is None else self.norm(name + 'norm_memory', memory)
        q = split(self.linear(name + 'q', y))
        k, v = map(split, self.linear(name + 'kv', m).split(C, -1))
        p = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(C // self.heads) + bias, -1)
        y = (p @ v).transpose(1, 2).reshape(B, T, C)
        x = x + self.drop(self.linear(name + 'proj', y))
        y = self.drop(F.gelu(self.linear(name + 'up', self.norm(name + 'norm2', x))))
        return x + self.drop(self.linear(name + 'down', y))

    def __call__(self, x, bin, g, heard, valid):
        heard = heard * valid
        e = self.linear('input', x)
        bias = self.bias(0, bin, valid)
        for i in range(self.count[0]):
            e = self.block(f'encoder.{i}.', e, bias)
        g = g * heard
        m = e + self.linear('heard', torch.stack([g, heard, g.abs()], -1))
        m = self.block('memory.', m, self.bias(1, bin, heard))
        m = torch.cat([self.w['null'].expand(len(x), 1, -1), m], 1)
        bias = self.bias(2, bin, heard)
        bias = torch.cat([torch.zeros_like(bias[..., :1]), bias], -1)
        for i in range(self.count[1]):
            e = self.block(f'decoder.{i}.', e, bias, m)
        return self.linear('output', self.norm('norm', e))


def loss(o, offset, velocity, hit, g, valid):
    def laplace(y, m, l):
        l = l.clamp(-4, 3)
        return (y - m).abs() * torch.exp(-l) + l

    hit = hit * valid[..., None]
    per_hit = (laplace(offset, o[..., :9], o[..., 9:18])
               + laplace(velocity, o[..., 18:27], o[..., 27:36])) * hit
    guitar = laplace(g, o[..., 36], o[..., 37]) * valid
    return per_hit.sum() / hit.sum() + 0.5 * guitar.sum() / valid.sum()


def batch(B, T, inputs):
    b = {'x': torch.randn(B, T, inputs), 'bin': torch.randint(0, 16, (B, T)) * 3,
         'g': torch.randn(B, T), 'heard': (torch.rand(B, T) < 0.6).float(),
         'valid': torch.ones(B, T), 'offset': torch.randn(B, T, 9),
         'velocity': torch.randn(B, T, 9), 'hit': (torch.rand(B, T, 9) < 0.4).float()}
    b['valid'][-1, T * 3 // 4:] = 0
    return b


def run(model, b):
    o = model(b['x'], b['bin'], b['g'], b['heard'], b['valid'])
    return o, loss(o, b['offset'], b['velocity'], b['hit'], b['g'], b['valid'])


def write(path, tensors, metadata):
    header, at = {'__metadata__': metadata}, 0
    for name, t in tensors.items():
        header[name] = {'dtype': 'F32', 'shape': list(t.shape),
                        'data_offsets': [at, at + 4 * t.numel()]}
        at += 4 * t.numel()
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text)
        for t in tensors.values():
            f.write(t.detach().contiguous().float().numpy().astype('<f4').tobytes())


def make_fixture():
    torch.manual_seed(1)
    w = weights(inputs=7, width=16, heads=2, hidden=32, encoders=2, decoders=2, reach=4)
    b = batch(2, 36, 7)
    outputs, value = run(Groove(w, 5, 9), b)
    value.backward()
    tensors = dict(w)
    tensors.update({'gradient.' + k: v.grad for k, v in w.items()})
    tensors.update({'batch.' + k: v.float() for k, v in b.items()})
    tensors.update({'batch.outputs': outputs, 'batch.loss': value.reshape(1)})
    write(pathlib.Path(__file__).parent / 'groove_fixture.safetensors', tensors,
          {'model': 'groove', 'encoder_band': '5', 'memory_band': '9'})


def make_corpus():
    torch.manual_seed(2)
    folder = pathlib.Path(__file__).parent.parent / 'fuzz/corpus/checkpoint'
    folder.mkdir(parents=True, exist_ok=True)
    w = weights(inputs=2, width=4, heads=2, hidden=4, encoders=1, decoders=1, reach=1)
    metadata = {'model': 'groove', 'encoder_band': '3', 'memory_band': '4'}
    few = {'a': torch.zeros(2, 3), 'b': torch.ones(1)}
    write(folder / 'whole', w, metadata)
    write(folder / 'no-band', w, {'model': 'groove'})
    write(folder / 'no-null', {k: v for k, v in w.items() if k != 'null'}, metadata)
    write(folder / 'wrong-shape', {**w, 'null': torch.zeros(5)}, metadata)
    write(folder / 'few', few, {'model': 'straight'})
    write(folder / 'not-finite', {'a': torch.tensor([1, math.nan])}, {})
    whole, some = (folder / 'whole').read_bytes(), (folder / 'few').read_bytes()
    (folder / 'truncated').write_bytes(whole[:-5])
    (folder / 'long-header').write_bytes(b'\xff' * 8 + some[8:])
    (folder / 'overlap').write_bytes(some.replace(b'[24, 28]', b'[20, 24]'))
    (folder / 'no-model').write_bytes(some.replace(b'straight', b'crooked!'))
    w = weights(inputs=72, width=4, heads=2, hidden=4, encoders=1, decoders=1, reach=1)
    write(folder / 'playing', w, metadata)
    write(folder / 'huge', {k: 1e30 * v for k, v in w.items()}, metadata)


def time_training():
    torch.set_num_threads(1)
    w = weights(72, 64, 4, 256, 3, 3, 32)
    model = Groove(w, 48, 128, dropout=0.1)
    adam = torch.optim.AdamW(w.values(), lr=1e-4)
    b = batch(16, 128, 72)
    for i in range(6):
        start = time.time()
        _, value = run(model, b)
        adam.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(w.values(), 1.0)
        adam.step()
        print(f'{1000 * (time.time() - start):.0f} ms')


if __name__ == '__main__':
    if '--time' in sys.argv:
        time_training()
    elif '--corpus' in sys.argv:
        make_corpus()
    else:
        make_fixture()
