"""The networks by name, to and from their files."""
import checkpoint
from groove import Groove
from paper import Paper
from windows import GrooveWindows, PaperWindows

KINDS = {'groove': Groove, 'paper': Paper}
WINDOWS = {'groove': GrooveWindows, 'paper': PaperWindows}


def load(path, dropout=0.0):
    tensors, metadata = checkpoint.read(path)
    kind = KINDS[metadata['model']]
    model = kind(**kind.sizes(tensors, metadata), dropout=dropout)
    model.load_state_dict({name: tensors[name] for name in model.state_dict()})
    return model


def save(path, model, **metadata):
    checkpoint.write(path, model.state_dict(), {**model.metadata(), **metadata})
