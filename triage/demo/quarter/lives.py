"""What becomes of each problem, with suggestions and without: both lives of it. Pure.

In: a `World`, what is offered to whom, how likely each would post. Out: `Lives`: what is opened,
settled, said and posted, in days after the ask; and the true lift, which is the difference between
the two lives of everybody.
Not here: what is offered (asking), rows of it (telling), estimating the lift (outcomes).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.demo.quarter.world import Floats, Random, World

Flags = NDArray[np.bool_]

PLACES = 3
WINDOW_DAYS = 28.0
_MINUTE = 1 / 1440
_QUICK_MINUTES, _SLOW_DAYS, _AWAY_DAYS = 5.0, 2.0, 4.0
# Who has a severe problem reads nothing first, and has written within so many minutes.
_AT_ONCE_MINUTES = 40.0
_DRAWS = 300


@dataclass(frozen=True, slots=True)
class Offers:
    """What each problem is offered in the places of a reply, were it not in the holdout.

    `there`, `right` and `dead` say of a place that it has a thread, that the thread is about the
    problem, and that it is the one that hardly helps; `habit` is how likely the person posts, left
    alone.
    """

    there: Flags
    right: Flags
    dead: Flags
    habit: Floats
    severe: Flags


@dataclass(frozen=True, slots=True)
class Lives:
    """What becomes of problems; days after the ask, infinity for never.

    `looked` and `opened` are by place. `luck` decides what is said, and by whom.
    """

    looked: Flags
    opened: Flags
    solved_at: NDArray[np.int64]
    settled: Flags
    posts_after: Floats
    returns_after: Floats
    return_posts_after: Floats
    luck: Floats

    @property
    def ends_in_post(self) -> Floats:
        """After how many days the problem is posted, at once or on coming back."""
        return np.minimum(self.posts_after, self.returns_after + self.return_posts_after)


def lives_of(world: World, offers: Offers, treated: Flags, random: Random) -> Lives:
    """Return what becomes of problems, of which the treated are offered what there is."""
    count = len(offers.habit)
    would = (random.random(count) < offers.habit) | offers.severe
    reads = treated & ~offers.severe
    looked = offers.there & reads[:, None]
    looked &= random.random((count, PLACES)) < np.array(world.looked)
    tempting = np.where(offers.right, world.opens, world.tempted)
    opened = looked & (random.random((count, PLACES)) < tempting)
    works = np.where(offers.dead, world.dead, world.settles) * offers.right
    helped = opened & (random.random((count, PLACES)) < works)
    # The first that helps is the last that is opened.
    solved_at = np.where(helped.any(axis=1), helped.argmax(axis=1), PLACES)
    opened &= np.arange(PLACES) <= solved_at[:, None]
    settled = solved_at < PLACES
    quick = np.exp(random.normal(np.log(_QUICK_MINUTES), 0.8, count)) * _MINUTE
    slow, away = random.exponential(_SLOW_DAYS, count), random.exponential(_AWAY_DAYS, count)
    after = np.where(random.random(count) < world.slow, slow, quick)
    after = np.where(offers.severe, np.minimum(quick, _AT_ONCE_MINUTES * _MINUTE), after)
    back = ~would & ~settled & (random.random(count) < world.returns)
    posts_then = random.random(count) < world.returned_posts
    return Lives(
        looked=looked,
        opened=opened,
        solved_at=solved_at,
        settled=settled,
        posts_after=np.where(would & ~settled, after, np.inf),
        returns_after=np.where(back, away, np.inf),
        return_posts_after=np.where(posts_then, quick, np.inf),
        luck=random.random((count, 6)),
    )


def true_lift(world: World, offers: Offers) -> float:
    """Return by how much the share that posts within four weeks falls where all are offered.

    Of these very problems, each living both of its lives many times.
    """
    shares = []
    for treated in (False, True):
        # The same luck in both, so that only the suggestions tell them apart.
        random = np.random.default_rng(0)
        arm = np.full(len(offers.habit), treated)
        posted = [
            np.mean(lives_of(world, offers, arm, random).ends_in_post <= WINDOW_DAYS)
            for _ in range(_DRAWS)
        ]
        shares.append(float(np.mean(posted)))
    return shares[0] - shares[1]
