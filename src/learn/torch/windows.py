"""Training windows drawn from a corpus: the recipes of src/learn/windows.c and paper_windows.c."""
import torch

from groove import BINS, BINS_PER_QUARTER, UNIT_MS

SHORTEST = 6  # steps of a recording to learn from
SIXTEENTHS, TWO_BARS = 0.25, 0.125  # of the groove's windows
BARS_MOST = 1 << 20  # in a recording
DISTANCE, INVERSE, FAR = 68, 70, 16.0  # src/model/features.h


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


class Recordings:
    """Those of a corpus that are long enough; stretches of them as batches."""

    def __init__(self, corpus, reads):
        long = corpus.length >= SHORTEST
        self.corpus, self.reads = corpus, reads
        self.start, self.length = corpus.start[long], corpus.length[long]
        self.ends = self.length.cumsum(0)
        self.steps = int(self.length.sum())
        recording = torch.arange(len(corpus.start), device=corpus.bar.device)
        self.bars = BARS_MOST * recording.repeat_interleave(corpus.length) + corpus.bar

    def choose(self, chance):
        """Recordings, and places in them: every step is equally likely."""
        place = chance.below(self.steps)
        recording = torch.searchsorted(self.ends, place, right=True)
        return recording, place - self.ends[recording] + self.length[recording]

    def two_bars(self, recording, place):
        """First step and length of the bar with that place in it and the next."""
        bar = self.bars[self.start[recording] + place]
        first, end = (torch.searchsorted(self.bars, bar + more) for more in (0, 2))
        return first - self.start[recording], end - first

    def cut(self, recording, first, count, T):
        i = torch.arange(T, device=first.device)
        valid = (i < torch.minimum(count, self.length[recording] - first)[:, None]).float()
        index = (self.start[recording] + first)[:, None] + i
        return self.corpus.cut(self.reads, index.clamp(max=len(self.corpus.x) - 1), valid)


class Windows:
    """What is random is drawn for a whole batch, so that it does not depend on who computes which
    `rows` of it."""

    def __init__(self, corpus, reads):
        self.recordings = Recordings(corpus, reads)
        self.steps = self.recordings.steps


class GrooveWindows(Windows):
    """Without `sixteenths`, the recordings on 16ths alone, all windows are on the per-beat grid."""

    def __init__(self, corpus, reads, sixteenths=None):
        super().__init__(corpus, reads)
        self.sixteenths = sixteenths and Recordings(sixteenths, reads)

    @staticmethod
    def around(recordings, chance, T):
        recording, place = recordings.choose(chance)
        return recording, (place - T // 4).clamp(min=0), torch.full_like(place, T)

    def stretches(self, chance, B, T, rows):
        """Rows of a batch as they were played."""
        kind = chance.uniform()[rows]
        stretch = self.around(self.recordings, chance, T)
        batch = self.recordings.cut(*(t[rows] for t in stretch), T)
        if not self.sixteenths:
            return batch
        recording, first, count = self.around(self.sixteenths, chance, T)
        other, place = self.sixteenths.choose(chance)
        start, short = self.sixteenths.two_bars(other, place)
        whole = kind < TWO_BARS
        pick = lambda a, b: torch.where(whole, a[rows], b[rows])
        plain = self.sixteenths.cut(pick(other, recording), pick(start, first), pick(short, count), T)
        ends_like_a_song(plain, whole)
        fine = kind < SIXTEENTHS
        return {name: torch.where(fine.view(-1, *[1] * (t.dim() - 1)), plain[name], t)
                for name, t in batch.items()}

    def draw(self, B, T, generator, rows=slice(None)):
        chance = Chance(B, generator)
        batch = self.stretches(chance, B, T, rows)
        heard = hide(chance, T, 0.35, 0.7)

        # A groove that no drummer played, in ms: a constant, a pattern over bar and beat, a walk.
        bar = chance.pick(4., 10., 16.) * (chance.uniform(1) < 0.6) * chance.normal(BINS)
        beat = chance.pick(2., 8., 16.) * (chance.uniform(1) < 0.6) * chance.normal(BINS_PER_QUARTER)
        walk = (chance.pick(0., 1., 2.) * chance.normal(T)).cumsum(1) + 8 * chance.normal(1)
        laid = heard[:, :3].any(1, keepdim=True) & (chance.uniform(1) < 0.5)

        shift = (walk[rows] + bar[rows].gather(1, batch['bin'])
                 + beat[rows].gather(1, batch['bin'] % BINS_PER_QUARTER)) * laid[rows] / UNIT_MS
        batch['g'] = batch['g'] + shift
        batch['offset'] = batch['offset'] + shift[..., None]
        batch['heard'] = heard[rows] * batch['valid']
        return batch


def ends_like_a_song(batch, whole):
    """In rows that are `whole` nothing is before the first step and after the last."""
    row = torch.arange(len(whole), device=whole.device)
    last = batch['valid'].sum(1).long() - 1
    for side, step in enumerate((torch.zeros_like(last), last)):
        for feature, far in ((DISTANCE, FAR / 4 - 1), (INVERSE, 1 / FAR)):
            now = batch['x'][row, step, feature + side]
            batch['x'][row, step, feature + side] = torch.where(whole, torch.full_like(now, far), now)


class PaperWindows(Windows):
    def draw(self, B, T, generator, rows=slice(None)):
        chance = Chance(B, generator)
        recording, place = self.recordings.choose(chance)
        last = (self.recordings.length[recording] - T).clamp(min=0)
        first = torch.minimum((place - chance.below(T)).clamp(min=0), last)
        heard, blank = hide(chance, T, 0.75, 0.85), (chance.uniform(1) < 0.1).float()
        count = torch.full_like(first, T)
        batch = self.recordings.cut(recording[rows], first[rows], count[rows], T)
        batch['heard'], batch['blank'] = heard[rows], blank[rows]
        batch['rehearsals'] = int(torch.randint(1, 3, (), **chance.where))
        return batch
