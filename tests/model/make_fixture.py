#!/usr/bin/python3
"""Figures from the PyTorch twin (src/learn/torch), the yardstick of the networks in C.

    make_fixture.py            writes groove_fixture.safetensors beside this script: weights, a
                               batch, outputs, loss, and the gradient of every weight
    make_fixture.py --paper    writes paper_fixture.safetensors: the same of the paper's network
    make_fixture.py --curve    writes ../learn/curve_fixture.safetensors: weights, batches, and the
                               losses and averaged weights of a training on them
    make_fixture.py --corpus   writes ../fuzz/corpus/checkpoint: a tiny groove, whole and damaged
"""
import math
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / 'src/learn/torch'))
import checkpoint
import groove
import paper
import train

CURVE_STEPS, CURVE_RATE = 20, 0.05


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
    linear('output', width, groove.OUTPUTS)
    norm('norm')
    block('memory.')
    for i in range(encoders):
        block(f'encoder.{i}.')
    for i in range(decoders):
        block(f'decoder.{i}.', True)
    w['null'] = torch.randn(width)
    w['relative'] = torch.randn(3, heads, 2 * reach + 1)
    w['same'] = torch.randn(3, heads, 2)
    return w


def network(w, encoder_band, memory_band):
    bands = {'encoder_band': encoder_band, 'memory_band': memory_band}
    model = groove.Groove(**groove.Groove.sizes(w, bands))
    model.load_state_dict(w)
    return model


def batch(B, T, inputs):
    b = {'x': torch.randn(B, T, inputs), 'bin': torch.randint(0, 16, (B, T)) * 3,
         'g': torch.randn(B, T), 'heard': (torch.rand(B, T) < 0.6).float(),
         'valid': torch.ones(B, T), 'offset': torch.randn(B, T, 9),
         'velocity': torch.randn(B, T, 9), 'hit': (torch.rand(B, T, 9) < 0.4).float()}
    b['valid'][-1, T * 3 // 4:] = 0
    return b


def make_fixture():
    torch.manual_seed(1)
    w = weights(inputs=7, width=16, heads=2, hidden=32, encoders=2, decoders=2, reach=4)
    b = batch(2, 36, 7)
    model = network(w, 5, 9)
    outputs = model(b)
    value = model.loss(outputs, b)
    value.backward()
    tensors = dict(w)
    gradients = dict(model.named_parameters())
    tensors.update({'gradient.' + k: gradients[k].grad for k in w})
    tensors.update({'batch.' + k: v.float() for k, v in b.items()})
    tensors.update({'batch.outputs': outputs, 'batch.loss': value.reshape(1)})
    checkpoint.write(HERE / 'groove_fixture.safetensors', tensors,
                     {'model': 'groove', 'encoder_band': '5', 'memory_band': '9'})


def make_corpus():
    torch.manual_seed(2)
    folder = HERE.parent / 'fuzz/corpus/checkpoint'
    folder.mkdir(parents=True, exist_ok=True)
    w = weights(inputs=2, width=4, heads=2, hidden=4, encoders=1, decoders=1, reach=1)
    metadata = {'model': 'groove', 'encoder_band': '3', 'memory_band': '4'}
    few = {'a': torch.zeros(2, 3), 'b': torch.ones(1)}
    checkpoint.write(folder / 'whole', w, metadata)
    checkpoint.write(folder / 'no-band', w, {'model': 'groove'})
    checkpoint.write(folder / 'no-null', {k: v for k, v in w.items() if k != 'null'}, metadata)
    checkpoint.write(folder / 'wrong-shape', {**w, 'null': torch.zeros(5)}, metadata)
    checkpoint.write(folder / 'few', few, {'model': 'straight'})
    checkpoint.write(folder / 'not-finite', {'a': torch.tensor([1, math.nan])}, {})
    whole, some = (folder / 'whole').read_bytes(), (folder / 'few').read_bytes()
    (folder / 'truncated').write_bytes(whole[:-5])
    (folder / 'long-header').write_bytes(b'\xff' * 8 + some[8:])
    (folder / 'overlap').write_bytes(some.replace(b'[24, 28]', b'[20, 24]'))
    (folder / 'no-model').write_bytes(some.replace(b'straight', b'crooked!'))
    w = weights(inputs=72, width=4, heads=2, hidden=4, encoders=1, decoders=1, reach=1)
    checkpoint.write(folder / 'playing', w, metadata)
    checkpoint.write(folder / 'huge', {k: 1e30 * v for k, v in w.items()}, metadata)


def make_paper():
    torch.manual_seed(4)
    B, T = 3, 12
    model = paper.Paper(width=16, heads=4, hidden=24, encoders=2, decoders=2, window=T, before=6)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.2 * torch.randn_like(weight)
    b = {'score': torch.randn(B, T, paper.SCORE), 'past': torch.randn(B, T, paper.PAST),
         'valid': torch.ones(B, T), 'velocity': torch.randn(B, T, 9), 'offset': torch.randn(B, T, 9),
         'hit': (torch.rand(B, T, 9) < 0.4).float(), 'g': torch.randn(B, T),
         'unit': 1 + 0.1 * torch.rand(B, T)}
    b['valid'][-1, T * 3 // 4:] = 0
    outputs = model.decode(b['past'], model.encode(b['score'], b['valid']), b['valid'])
    value = model.loss(outputs, b)
    value.backward()
    tensors = dict(model.named_parameters())
    tensors.update({'gradient.' + k: v.grad for k, v in model.named_parameters()})
    tensors.update({'batch.' + k: v for k, v in b.items()})
    tensors.update({'batch.outputs': outputs, 'batch.loss': value.reshape(1)})
    checkpoint.write(HERE / 'paper_fixture.safetensors', tensors, model.metadata())


def make_curve():
    """Twenty training steps of a small groove on four batches in turn, as train.py takes them."""
    torch.manual_seed(3)
    w = weights(inputs=7, width=16, heads=2, hidden=32, encoders=1, decoders=1, reach=4)
    model = network(w, 5, 9)
    batches = [batch(2, 32, 7) for _ in range(4)]
    adam, average = train.optimizer(model, CURVE_RATE), train.Average(model)
    losses = []
    for step in range(CURVE_STEPS):
        rate = train.rate_at(step, CURVE_STEPS, CURVE_RATE)
        losses.append(train.train_step(model, adam, batches[step % 4], rate))
        average.follow(model)
    tensors = dict(w)
    for k in batches[0]:
        tensors['batch.' + k] = torch.cat([b[k] for b in batches]).float()
    tensors['losses'] = torch.stack(losses)
    tensors.update({'average.' + k: v for k, v in average.into(model).state_dict().items()})
    checkpoint.write(HERE.parent / 'learn/curve_fixture.safetensors', tensors,
                     {'model': 'groove', 'encoder_band': '5', 'memory_band': '9'})


if __name__ == '__main__':
    if '--curve' in sys.argv:
        make_curve()
    elif '--paper' in sys.argv:
        make_paper()
    elif '--corpus' in sys.argv:
        make_corpus()
    else:
        make_fixture()
