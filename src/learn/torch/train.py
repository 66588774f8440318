#!/usr/bin/env python3
"""Trains a drummer on any number of processes, with the recipe of src/learn/pretrain.c.

    rolypoly pretrain DIR --export corpus.safetensors
    torchrun --nproc_per_node 4 src/learn/torch/train.py corpus.safetensors -o groove.safetensors

Processes share each batch: what is learnt does not depend on how many there are, but for dropout.
With CUDA each takes a GPU (NCCL), else a share of the processors (Gloo). Alone it needs no torchrun.
"""
import argparse
import math
import os

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import clip_grad_norm_, parameters_to_vector, vector_to_parameters

import checkpoint
import models
from corpus import Corpus, validate

WARM_UP_STEPS, LAST_RATE = 60, 0.005
WEIGHT_DECAY = 0.02
AVERAGE_KEEP = 0.998

# batch: windows a step, all processes together; window: steps a window; validate_every: epochs
RECIPES = {
    'groove': dict(epochs=100, batch=16, window=128, rate=1.5e-3, dropout=0.15, validate_every=2),
    'paper': dict(epochs=60, batch=64, window=16, rate=2e-3, dropout=0.1, validate_every=10),
}
SIZES = 'width', 'heads', 'hidden', 'encoders', 'decoders'


def rate_at(step, steps, rate):
    cosine = 0.5 * (1 + math.cos(math.pi * step / steps)) + LAST_RATE
    return rate * min(1, (step + 1) / WARM_UP_STEPS) * cosine


def optimizer(model, rate):
    return torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.98), eps=1e-8,
                             weight_decay=WEIGHT_DECAY, foreach=True)


def train_step(model, adam, batch, rate, parallel=None, total=lambda counts: counts, share=1):
    """One step on this process's `share` of a batch. `parallel`: the model as DDP wraps it; `total`
    sums (hits, steps) over all processes."""
    hits = (batch['hit'] * batch['valid'][..., None]).sum()
    hits, steps = total(torch.stack([hits, batch['valid'].sum()])).clamp(min=1)
    loss = model.loss((parallel or model)(batch), batch, hits, steps)
    adam.zero_grad(set_to_none=True)
    (loss * share).backward()  # DDP takes the mean over processes, the loss is a sum
    if torch.isfinite(clip_grad_norm_(model.parameters(), 1.0)):
        for group in adam.param_groups:
            group['lr'] = rate
        adam.step()
    return loss.detach()


class Average:
    """A running average of the weights that soon forgets the random beginning."""

    def __init__(self, model):
        self.weights, self.steps = parameters_to_vector(model.parameters()).detach().clone(), 0

    def follow(self, model):
        keep = min(AVERAGE_KEEP, (self.steps + 1) / (self.steps + 10))
        self.weights.lerp_(parameters_to_vector(model.parameters()).detach(), 1 - keep)
        self.steps += 1

    def into(self, model):
        vector_to_parameters(self.weights, model.parameters())
        return model


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('corpus', help='written by rolypoly pretrain DIR --export')
    parser.add_argument('-o', '--output', required=True, help='the checkpoint to write')
    parser.add_argument('--start', metavar='MODEL', help='weights and sizes to start from')
    parser.add_argument('--model', choices=RECIPES, default='groove')
    for name, kind in (('epochs', float), ('batch', int), ('window', int), ('rate', float),
                       ('dropout', float), ('validate-every', float)):
        parser.add_argument('--' + name, type=kind)
    for name in SIZES:
        parser.add_argument('--' + name, type=int)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    if args.start:
        args.model = checkpoint.read(args.start)[1]['model']
    for name, value in RECIPES[args.model].items():
        if getattr(args, name) is None:
            setattr(args, name, value)
    return args


def join():
    """This process's number, how many there are, and its device."""
    if 'RANK' not in os.environ:
        return 0, 1, 'cuda' if torch.cuda.is_available() else 'cpu'
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ['LOCAL_RANK']))
    dist.init_process_group('nccl' if torch.cuda.is_available() else 'gloo')
    return (dist.get_rank(), dist.get_world_size(),
            f"cuda:{os.environ['LOCAL_RANK']}" if torch.cuda.is_available() else 'cpu')


def new_model(args, inputs):
    if args.start:
        return models.load(args.start, args.dropout)
    sizes = {name: getattr(args, name) for name in SIZES if getattr(args, name) is not None}
    if args.model == 'groove':
        sizes['inputs'] = inputs
    return models.KINDS[args.model](**sizes, dropout=args.dropout)


def train(args, rank, world, device, log):
    tensors, _ = checkpoint.read(args.corpus)
    parts = {part: Corpus(tensors, part, device) for part in ('train', 'sixteenths', 'validation')}
    windows, validation = models.windows(args.model, parts), parts['validation']
    torch.manual_seed(args.seed)
    model = new_model(args, validation.x.shape[-1]).to(device)
    parallel = DistributedDataParallel(model) if world > 1 else model
    torch.manual_seed(args.seed + rank)  # dropout is everybody's own
    adam, average = optimizer(model, args.rate), Average(model)
    rows = slice(args.batch * rank // world, args.batch * (rank + 1) // world)
    steps_per_epoch = windows.steps / (args.batch * args.window)
    steps = max(1, round(args.epochs * steps_per_epoch))
    generator = torch.Generator(device).manual_seed(args.seed)
    running, due = None, args.validate_every

    def total(counts):
        if world > 1:
            dist.all_reduce(counts)
        return counts

    for step in range(steps):
        batch = windows.draw(args.batch, args.window, generator, rows)
        rate = rate_at(step, steps, args.rate)
        loss = train_step(model, adam, batch, rate, parallel, total, world)
        average.follow(model)
        running = loss if running is None else torch.lerp(running, loss, 0.02)
        epoch = (step + 1) / steps_per_epoch
        if epoch >= due or step + 1 == steps:
            due += args.validate_every
            report = total(running.clone())
            if rank == 0:
                ship(args.output, average, model, epoch, report, validation, log)


def ship(path, average, model, epoch, loss, validation, log):
    now = parameters_to_vector(model.parameters()).detach().clone()
    average.into(model)
    models.save(path, model, epochs=f'{epoch:.1f}')
    error = validate(model, validation)
    vector_to_parameters(now, model.parameters())
    line = (f"epoch {epoch:.1f} loss {float(loss):.4f} timing {error['offset_mae_ms']:.2f} ms "
            f"velocity {error['velocity_mae']:.2f} past heard: timing "
            f"{error['heard_offset_mae_ms']:.2f} ms")
    print(line, flush=True)
    print(line, file=log, flush=True)


def main():
    args = arguments()
    rank, world, device = join()
    if args.batch < world:
        raise SystemExit(f'train.py: a batch of {args.batch} is too small for {world} processes')
    if rank == 0:
        with open(args.output + '.log', 'w') as log:
            train(args, rank, world, device, log)
    else:
        train(args, rank, world, device, None)
    if world > 1:
        dist.destroy_process_group()


if __name__ == '__main__':
    main()
