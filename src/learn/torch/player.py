"""The groove step by step (src/model/groove_step.h) in PyTorch, as fast as it will go: what the score
alone decides is computed once, keys and values are cached, a step is one row of the decoder."""
import math

import torch
import torch.nn.functional as F
from torch import nn

import groove


class Row(nn.Module):
    """One block on one row; what it attends to is cached in a ring of `size` places."""

    def __init__(self, block, size):
        super().__init__()
        self.heads, width = block.heads, block.proj.bias.numel()
        self.norm1, self.norm2 = block.norm1, block.norm2
        self.norm_kv = getattr(block, 'norm_memory', block.norm1)
        scale = 1 / math.sqrt(width // self.heads)  # folded into the queries
        for name, linear, by in (('q', block.q, scale), ('kv', block.kv, 1), ('proj', block.proj, 1),
                                 ('up', block.up, 1), ('down', block.down, 1)):
            self.register_buffer(name + '_w', (linear.weight * by).detach())
            self.register_buffer(name + '_b', (linear.bias * by).detach())
        self.register_buffer('keys', torch.zeros(self.heads, width // self.heads, size))
        self.register_buffer('values', torch.zeros(self.heads, size, width // self.heads))

    def keep(self, x, place: int):
        """The keys and values of token x (1, C) go to `place`."""
        kv = torch.addmm(self.kv_b, self.norm_kv(x), self.kv_w).view(2, self.heads, -1)
        self.keys[:, :, place] = kv[0]
        self.values[:, place] = kv[1]

    def forward(self, x, bias):
        """x (1, C), bias (heads, 1, size): of every place, far below zero where it is not seen."""
        q = torch.addmm(self.q_b, self.norm1(x), self.q_w).view(self.heads, 1, -1)
        p = torch.softmax(torch.baddbmm(bias, q, self.keys), -1)
        x = x + torch.addmm(self.proj_b, torch.bmm(p, self.values).view(1, -1), self.proj_w)
        y = F.gelu(torch.addmm(self.up_b, self.norm2(x), self.up_w))
        return x + torch.addmm(self.down_b, y, self.down_w)


class Player(nn.Module):
    """Plays x (1, T, inputs), bin (1, T): each step is predicted, then heard or not, in rising order."""

    def __init__(self, model, x, bin):
        super().__init__()
        ring = model.memory_band + 1  # of the memory block: the step itself has a place
        self.ring = ring
        self.register_buffer('encoded', self.encode(model, x, bin)[0])
        self.register_buffer('memory_bias', self.around(model, groove.MEMORY, bin, ring))
        self.register_buffer('decoder_bias', F.pad(self.around(model, groove.DECODER, bin, ring),
                                                   (1, 0)))
        self.register_buffer('unheard', torch.full((1, 1, 1 + ring), groove.UNSEEN))
        self.unheard[..., 0] = 0  # the null token
        self.heard_w, self.heard_b = model.heard.weight.detach(), model.heard.bias.detach()
        self.memory = Row(model.memory, ring)
        self.decoder = nn.ModuleList(Row(block, 1 + ring) for block in model.decoder)
        self.norm = model.norm
        self.output_w = model.output.weight.detach()
        self.output_b = model.output.bias.detach()
        for block in self.decoder:
            block.keep(model.null.detach()[None], 0)

    @staticmethod
    def encode(model, x, bin):
        e, bias = model.input(x), model.bias(groove.ENCODER, bin, torch.ones(bin.shape))
        for block in model.encoder:
            e = block(e, bias)
        return e.detach()

    @staticmethod
    def around(model, kind, bin, ring):
        """(T, heads, 1, ring): the bias of each step towards whoever is at a place of the ring."""
        T = bin.shape[1]
        bias = model.bias(kind, bin, torch.ones(bin.shape))[0].detach()
        i = torch.arange(T)[:, None]
        newest = i if kind == groove.MEMORY else i - 1
        j = newest - (newest - torch.arange(ring)) % ring  # the latest step at that place
        bias = bias.gather(2, j.clamp(min=0).expand(len(bias), -1, -1))
        return bias.masked_fill(j < 0, groove.UNSEEN).transpose(0, 1)[:, :, None].contiguous()

    @torch.jit.export
    def hear(self, step: int, g: float):
        told = torch.tensor([[g, 1.0, abs(g)]])
        x = torch.addmm(self.heard_b, told, self.heard_w) + self.encoded[step]
        place = step % self.ring
        self.memory.keep(x, place)
        self.unheard[:, :, 1 + place] = 0
        x = self.memory(x, self.memory_bias[step] + self.unheard[:, :, 1:])
        for block in self.decoder:
            block.keep(x, 1 + place)

    @torch.jit.export
    def predict(self, step: int):
        self.unheard[:, :, 1 + step % self.ring] = -1e30  # who was there is out of sight
        x = self.encoded[step][None]
        bias = self.decoder_bias[step] + self.unheard
        for block in self.decoder:
            x = block(x, bias)
        return torch.addmm(self.output_b, self.norm(x), self.output_w)[0]
