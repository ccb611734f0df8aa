"""What a server does besides answering: its rounds, and what the process beside it is sent to do.

In: the store, how encoders are had, settings. Out: rounds in the order in which they are gone,
works in the order in which they are asked.
Not here: going rounds (rounds), the process (background), what any of it does.
"""

from collections.abc import Callable

from triage import store
from triage.api.errands.canaries import Aviary, canary_round
from triage.api.errands.drift import DriftErrands
from triage.api.errands.encode import EncodeErrands
from triage.api.errands.grouping import group_round
from triage.api.errands.indexing import IndexErrands, index_round
from triage.api.errands.kinds import Work
from triage.api.errands.overseeing import Silent, oversee_round
from triage.api.errands.retain import RetainErrands
from triage.api.errands.reviewing import ReviewErrands
from triage.api.errands.rounds import Round, follow_up_round, returns_round, sweep_round
from triage.api.errands.train import TrainErrands
from triage.api.errands.watching import watch_round
from triage.desk import Desk
from triage.encode import Encoder
from triage.encoders import EncoderName
from triage.records import Forum
from triage.settings import Settings


def regular_rounds(
    encoder_of: Callable[[Forum], Encoder | None],
    desk_of: Callable[[Forum], Desk],
    silent: Silent,
    aviary: Aviary,
    settings: Settings,
) -> list[Round]:
    """Return what is done in every forum again and again, whatever else is going on.

    What is found to be silent stands in `silent`, what is not found any more in `aviary`.
    """
    return [
        sweep_round(),
        watch_round(encoder_of),
        follow_up_round(settings.follow_up_share),
        returns_round(encoder_of),
        group_round(encoder_of),
        oversee_round(silent),
        canary_round(aviary, desk_of),
        index_round(desk_of),
    ]


def regular_works(
    wish: EncoderName,
    database: Callable[[], store.Database],
    differing: Callable[[], list[Forum]],
    desk_of: Callable[[Forum], Desk],
    settings: Settings,
) -> list[Work]:
    """Return what the process beside the server does; a person waits for the first."""
    works: list[Work] = [TrainErrands(database)]
    if settings.reencode == "auto":
        works.append(EncodeErrands(wish, database, differing))
    works.append(IndexErrands(database, desk_of))
    return [*works, RetainErrands(database), DriftErrands(database), ReviewErrands(database)]
