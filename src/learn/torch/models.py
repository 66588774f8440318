"""The networks by name, to and from their files."""
import checkpoint
from groove import Groove
from paper import Paper
from windows import GrooveWindows, PaperWindows

KINDS = {'groove': Groove, 'paper': Paper}


def windows(model, parts):
    """Training windows from the parts (corpus.py) of a corpus file."""
    if model == 'paper':
        return PaperWindows(parts['train'], Paper.reads)
    return GrooveWindows(parts['train'], Groove.reads, parts['sixteenths'])


def load(path, dropout=0.0):
    tensors, metadata = checkpoint.read(path)
    kind = KINDS[metadata['model']]
    model = kind(**kind.sizes(tensors, metadata), dropout=dropout)
    model.load_state_dict({name: tensors[name] for name in model.state_dict()})
    return model


def save(path, model, **metadata):
    checkpoint.write(path, model.state_dict(), {**model.metadata(), **metadata})
