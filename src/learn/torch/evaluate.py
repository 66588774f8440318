#!/usr/bin/env python3
"""The error of a network on the grooves of a split, as JSON: with nothing heard what `rolypoly evaluate`
says.

    evaluate.py CORPUS MODEL [train|validation]
"""
import json
import sys

import checkpoint
import models
from corpus import Corpus, validate

if __name__ == '__main__':
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    tensors, _ = checkpoint.read(sys.argv[1])
    split = Corpus(tensors, (sys.argv + ['validation'])[3])
    print(json.dumps(validate(models.load(sys.argv[2]), split), separators=(',', ':')))
