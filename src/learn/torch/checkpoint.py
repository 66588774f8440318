"""Named tensors and string metadata as safetensors, like src/model/checkpoint.h: 8 bytes of header
length, a JSON header, raw tensors. Floats alone; other types of number become floats."""
import json
import struct

import numpy
import torch


def read(path):
    """{name: tensor}, {key: text}"""
    with open(path, 'rb') as f:
        header = json.loads(f.read(struct.unpack('<Q', f.read(8))[0]))
        data = f.read()
    tensors, metadata = {}, header.pop('__metadata__', {})
    for name, t in header.items():
        kind = {'F32': '<f4', 'F64': '<f8'}[t['dtype']]
        first, end = t['data_offsets']
        values = numpy.frombuffer(data[first:end], kind).astype('f4').reshape(t['shape'])
        tensors[name] = torch.from_numpy(values)
    return tensors, metadata


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
            f.write(t.detach().cpu().contiguous().float().numpy().astype('<f4').tobytes())
