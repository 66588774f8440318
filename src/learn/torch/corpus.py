"""Recordings as `rolypoly pretrain DIR --export FILE` wrote them (src/learn/export_corpus.h), training
windows drawn from them (the recipe of src/learn/windows.c), and the error on them."""
import torch

from groove import BINS, BINS_PER_QUARTER, UNIT_MS, UNIT_VELOCITY

SHORTEST = 6  # steps of a recording to learn from


class Corpus:
    """One split: every tensor has a row a step, the recordings follow one another."""

    def __init__(self, tensors, split, device='cpu'):
        def get(name):
            return tensors[f'{split}.{name}'].to(device)
        self.x, self.bin, self.scored = get('x'), get('bin').long(), get('scored')
        self.hit = (self.scored > 0).float()
        self.offset = get('offset_ms') / UNIT_MS * self.hit
        self.velocity = (get('velocity') - self.scored) / UNIT_VELOCITY * self.hit
        self.g, self.reach_ms = get('guitar_ms') / UNIT_MS, get('reach_ms')
        self.start, self.beat = get('start').long(), get('beat') > 0
        ends = torch.cat([self.start[1:], self.start.new_tensor([len(self.x)])])
        self.length = ends - self.start

    def cut(self, index, valid):
        """Steps `index` (B, T) as a batch; zeros where not valid."""
        batch = {name: getattr(self, name)[index] for name in ('x', 'offset', 'velocity', 'hit')}
        batch = {name: t * valid[..., None] for name, t in batch.items()}
        return {**batch, 'g': self.g[index] * valid, 'bin': self.bin[index] * valid.long(),
                'valid': valid}


class Windows:
    def __init__(self, corpus):
        self.corpus = corpus
        long = corpus.length >= SHORTEST
        self.start, self.length = corpus.start[long], corpus.length[long]
        self.ends = self.length.cumsum(0)
        self.steps = int(self.length.sum())

    def draw(self, B, T, generator, rows=slice(None)):
        """`rows` of a batch of B windows of T steps. What is random is drawn for all B, so that
        the batch does not depend on who computes which rows."""
        device = generator.device
        uniform = lambda *shape: torch.rand(shape, generator=generator, device=device)
        normal = lambda *shape: torch.randn(shape, generator=generator, device=device)

        def pick(*choices):
            index = torch.randint(3, (B, 1), generator=generator, device=device)
            return torch.tensor(choices, device=device)[index]

        # Every step of the corpus is equally likely to be a quarter of a window from the start.
        place = torch.randint(self.steps, (B,), generator=generator, device=device)
        recording = torch.searchsorted(self.ends, place, right=True)
        place = place - self.ends[recording] + self.length[recording]
        first = (place - T // 4).clamp(min=0)

        # What of the guitar is heard: nothing, some, or everything.
        kind = uniform(B, 1)
        lost = torch.where(kind < 0.7, pick(0.1, 0.3, 0.6), torch.zeros_like(kind))
        lost = torch.where(kind < 0.35, torch.ones_like(kind), lost)
        heard = (uniform(B, T) >= lost).float()

        # A groove that no drummer played, in ms: a constant, a pattern over bar and beat, a walk.
        bar = pick(4., 10., 16.) * (uniform(B, 1) < 0.6) * normal(B, BINS)
        beat = pick(2., 8., 16.) * (uniform(B, 1) < 0.6) * normal(B, BINS_PER_QUARTER)
        walk = 8 * normal(B, 1) + (pick(0., 1., 2.) * normal(B, T)).cumsum(1)
        laid = heard[:, :3].any(1, keepdim=True) & (uniform(B, 1) < 0.5)

        t = torch.arange(T, device=device)
        valid = (first[rows, None] + t < self.length[recording][rows, None]).float()
        index = (self.start[recording] + first)[rows, None] + t
        batch = self.corpus.cut(index.clamp(max=len(self.corpus.x) - 1), valid)
        shift = (walk[rows] + bar[rows].gather(1, batch['bin'])
                 + beat[rows].gather(1, batch['bin'] % BINS_PER_QUARTER)) * laid[rows] / UNIT_MS
        batch['g'] = batch['g'] + shift
        batch['offset'] = batch['offset'] + shift[..., None]
        batch['heard'] = heard[rows] * valid
        return batch


@torch.inference_mode()
def validate(model, corpus):
    """Mean absolute errors over the hits of all grooves, as `rolypoly evaluate` counts them: timing in
    ms and velocity with nothing heard, and timing when the network's guess at the guitar is followed,
    the true past heard."""
    model.eval()
    sums, hits = torch.zeros(3, dtype=torch.float64), 0
    for r in corpus.beat.nonzero().flatten().tolist():
        index = corpus.start[r] + torch.arange(int(corpus.length[r]), device=corpus.x.device)[None]
        one = torch.ones(index.shape, device=index.device)
        b = corpus.cut(index, one)
        alone, heard = (model(b['x'], b['bin'], b['g'], one * h, one) for h in (0, 1))
        early, late = corpus.reach_ms[index].split(1, -1)
        hit, real_ms = b['hit'], UNIT_MS * b['offset']
        own_ms = UNIT_MS * alone[..., :9]
        mean_ms = (own_ms * hit).sum(-1, keepdim=True) / hit.sum(-1, keepdim=True).clamp(min=1)
        met_ms = own_ms + UNIT_MS * heard[..., 36:37] - mean_ms
        velocity = (corpus.scored[index] + UNIT_VELOCITY * alone[..., 18:27]).clamp(1, 127).round()
        played = corpus.scored[index] + UNIT_VELOCITY * b['velocity']
        for k, error in enumerate((torch.clamp(own_ms, -early, late) - real_ms, velocity - played,
                                   torch.clamp(met_ms, -early, late) - real_ms)):
            sums[k] += (error.abs() * hit).sum().double().cpu()
        hits += int(hit.sum())
    model.train()
    return dict(zip(('offset_mae_ms', 'velocity_mae', 'heard_offset_mae_ms'), (sums / hits).tolist()))
