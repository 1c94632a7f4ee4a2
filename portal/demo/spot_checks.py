"""A spot check of the demo's deals: some customers have answered, one of them against the distributor, some are to be asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.demo.plots import DAY, HOUR, Plot, Scene
from portal.queries import spot_checks as found
from portal.rules.periods import local_date
from portal.services import spot_checks

#: What the customers of the sample say, in its order.
_SAID = (
    ("confirmed", "是他们的小陈带我去看的，前后去了三次。"),
    ("unreachable", ""),
    ("not_referred", "房子是我自己在网上看到的，签约那天才听说有渠道。"),
    ("confirmed", "朋友推荐的这家，一直是他们接待。"),
)


def checked(scene: Scene) -> Plot:
    """Drawn yesterday by the second person of the channel department, asked about since."""
    caller, today = scene.town.people["qudao2"], local_date(scene.now, scene.project.zone)
    yield scene.now - DAY
    check = spot_checks.draw_sample(
        actor=caller,
        first_day=today - timedelta(days=90),
        last_day=today,
        project=None,
        distributor=None,
        number=6,
        reason="不定期抽查，核对客户是否由分销商推荐。",
        submission_key=str(UUID(int=scene.random.getrandbits(128))),
    )
    for number, (result, words) in enumerate(_SAID):
        yield scene.now - DAY + (number + 1) * HOUR
        _ask(scene, check.reference, number, result, words)


def _ask(scene: Scene, reference: str, number: int, result: str, words: str) -> None:
    check = found.find(reference)
    if check is not None and number < len(check.lines):
        caller, line = scene.town.people["qudao2"], check.lines[number]
        spot_checks.note_answer(
            actor=caller, check=check, line=line, method="call", result=result, words=words, asked_at=None
        )
