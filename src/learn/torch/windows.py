"""Training windows drawn from a corpus: the recipes of src/learn/windows.c and paper_windows.c."""
import torch

from groove import BINS, BINS_PER_QUARTER, UNIT_MS

SHORTEST = 6  # steps of a recording to learn from


class Chance:
    """Random numbers for a batch of B."""

    def __init__(self, B, generator):
        self.B, self.where = B, dict(generator=generator, device=generator.device)

    def uniform(self, *shape):
        return torch.rand(self.B, *shape, **self.where)

    def normal(self, *shape):
        return torch.randn(self.B, *shape, **self.where)

    def below(self, n):
        return torch.randint(n, (self.B,), **self.where)

    def pick(self, *choices):
        return torch.tensor(choices, device=self.where['device'])[self.below(len(choices))][:, None]


def hide(chance, T, nothing, some):
    """What of the guitar is heard, (B, T): nothing, with the losses of `some`, or everything."""
    kind, lost = chance.uniform(1), chance.pick(0.1, 0.3, 0.6)
    lost = torch.where(kind < nothing, torch.ones_like(lost),
                       torch.where(kind < some, lost, torch.zeros_like(lost)))
    return (chance.uniform(T) >= lost).float()


class Windows:
    """What is random is drawn for a whole batch, so that it does not depend on who computes which
    `rows` of it."""

    def __init__(self, corpus, reads):
        long = corpus.length >= SHORTEST
        self.corpus, self.reads = corpus, reads
        self.start, self.length = corpus.start[long], corpus.length[long]
        self.ends = self.length.cumsum(0)
        self.steps = int(self.length.sum())

    def choose(self, chance):
        """Recordings, and places in them: every step is equally likely."""
        place = chance.below(self.steps)
        recording = torch.searchsorted(self.ends, place, right=True)
        return recording, place - self.ends[recording] + self.length[recording]

    def cut(self, recording, first, T):
        i = first[:, None] + torch.arange(T, device=first.device)
        valid = (i < self.length[recording][:, None]).float()
        index = self.start[recording][:, None] + i
        return self.corpus.cut(self.reads, index.clamp(max=len(self.corpus.x) - 1), valid)


class GrooveWindows(Windows):
    def draw(self, B, T, generator, rows=slice(None)):
        chance = Chance(B, generator)
        recording, place = self.choose(chance)
        first = (place - T // 4).clamp(min=0)
        heard = hide(chance, T, 0.35, 0.7)

        # A groove that no drummer played, in ms: a constant, a pattern over bar and beat, a walk.
        bar = chance.pick(4., 10., 16.) * (chance.uniform(1) < 0.6) * chance.normal(BINS)
        beat = chance.pick(2., 8., 16.) * (chance.uniform(1) < 0.6) * chance.normal(BINS_PER_QUARTER)
        walk = (chance.pick(0., 1., 2.) * chance.normal(T)).cumsum(1) + 8 * chance.normal(1)
        laid = heard[:, :3].any(1, keepdim=True) & (chance.uniform(1) < 0.5)

        batch = self.cut(recording[rows], first[rows], T)
        shift = (walk[rows] + bar[rows].gather(1, batch['bin'])
                 + beat[rows].gather(1, batch['bin'] % BINS_PER_QUARTER)) * laid[rows] / UNIT_MS
        batch['g'] = batch['g'] + shift
        batch['offset'] = batch['offset'] + shift[..., None]
        batch['heard'] = heard[rows] * batch['valid']
        return batch


class PaperWindows(Windows):
    def draw(self, B, T, generator, rows=slice(None)):
        chance = Chance(B, generator)
        recording, place = self.choose(chance)
        last = (self.length[recording] - T).clamp(min=0)
        first = torch.minimum((place - chance.below(T)).clamp(min=0), last)
        heard, blank = hide(chance, T, 0.75, 0.85), (chance.uniform(1) < 0.1).float()
        batch = self.cut(recording[rows], first[rows], T)
        batch['heard'], batch['blank'] = heard[rows], blank[rows]
        batch['rehearsals'] = int(torch.randint(1, 3, (), **chance.where))
        return batch
