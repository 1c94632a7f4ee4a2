"""Playing the plots in the order of their times, each act in a transaction of its own."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from portal import clock, jobs
from portal.demo import applications, care, contracts, deals, exits, findings, plots, spot_checks
from portal.demo.customers import customers
from portal.demo.people import Town, found_town
from portal.demo.reading import read_old_notices
from portal.models import Registration, db
from portal.services import partnership
from portal.transaction import transaction

_BEGAN = timedelta(days=120)


def seed() -> int:
    """Fill an empty database; how many registrations there are then. The same day gives the same story."""
    now = clock.now()
    random = Random(now.strftime("%Y-%m-%d"))
    # The plots keep their registrations over many transactions, with what they are related to.
    db.session().expire_on_commit = False
    with clock.set_to(now - _BEGAN), transaction():
        town = found_town(random, clock.now())
    # Hundreds of old slips would stand before the first one that somebody files here.
    with jobs.left_to_sweeps():
        _play(_script(town, random, now), now)
    with transaction():
        read_old_notices(now)
    return db.session.query(Registration).count()


def _play(script: list[plots.Plot], now: datetime) -> None:
    """Whatever would lie in the future is left unplayed: the story ends today."""
    order = count()
    waiting: list[tuple[datetime, int, plots.Plot]] = []
    for plot in script:
        _wait(waiting, plot, order)
    while waiting:
        when, _, plot = heapq.heappop(waiting)
        if when >= now:
            continue
        with clock.set_to(when), transaction():
            _wait(waiting, plot, order)


def _wait(waiting: list[tuple[datetime, int, plots.Plot]], plot: plots.Plot, order: Iterator[int]) -> None:
    """Let the plot act until it next waits."""
    when = next(plot, None)
    if when is not None:
        heapq.heappush(waiting, (when.replace(microsecond=0), next(order), plot))


def _script(town: Town, random: Random, now: datetime) -> list[plots.Plot]:
    stream = customers(random)
    brokers, codes = town.brokers(), list(town.sites)

    def scene(number: int, login: str | None = None) -> plots.Scene:
        customer, local = next(stream)
        # The first companies and the first project have most to show: people sign in there first.
        broker = town.people[login] if login else brokers[number * number % len(brokers)]
        project = town.sites[codes[0] if number % 2 else codes[number % len(codes)]]
        return plots.Scene(town, random, now, project, broker, customer, local)

    return [
        *_waiting_for_a_visit(scene),
        *_on_site_today(scene),
        *_protected(scene),
        *_bulk_clients(scene),
        *_what_went_wrong(scene, town),
        *_partners(scene, town),
        *_deals(scene, town),
        *contracts.contracts(town, now),
        *_breaches(scene),
        *care.care_plots(town, now),
        *exits.endings(scene, town, now),
        *applications.onboarding(town, now),
    ]


def _waiting_for_a_visit(scene) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    for number in range(26):
        yield plots.held(scene(number, "chenli" if number % 4 == 0 else None), filed=number % 7, planned=number % 3)
    for number in range(12):
        yield plots.held(scene(number), filed=9 + number * 5)
    for number, hour in enumerate((10, 11, 13, 14, 15, 16, 17, 17, 18)):
        yield plots.expected_today(
            scene(1 if number < 7 else 2, "chenli" if number < 2 else None), hour, number * 7 % 60
        )


def _on_site_today(scene) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    for number, upto in enumerate(("arrived", "registered", "registered", "audited", "audited", "signed", "signed")):
        yield plots.visited(scene(1, "chenli" if number == 1 else None), filed=2, came=0, upto=upto)
        yield plots.visited(scene(number * 2), filed=3, came=1, upto=upto if upto != "arrived" else "audited")
    yield plots.declined(scene(1))


def _protected(scene) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    for number in range(34):
        came = 2 + number * 47 % 44
        yield plots.visited(scene(number, "chenli" if number % 5 == 0 else None), filed=came + 2, came=came)
    for number in range(14):
        yield plots.visited(scene(number), filed=52 + number * 3, came=50 + number * 3)


def _bulk_clients(scene) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    endings = ("asked", "commented", "asked", "approved", "rejected", "classified", "approved", "asked", "commented")
    for number, ending in enumerate(endings):
        yield plots.bulk(scene(number, "chenli" if number in (0, 3) else None), came=41 + number % 4, ending=ending)
    yield plots.bulk(scene(1, "chenli"), came=62, ending="approved")
    yield plots.bulk(scene(1), came=20, ending="classified")


def _what_went_wrong(scene, town: Town) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    for number in range(6):
        yield plots.late(scene(number), days=number * 4, excused=number % 3 == 1)
    for number in range(4):
        yield plots.recorded_before(scene(1), days=number * 6)
        yield plots.failed(scene(number), days=3 + number * 5)
        yield plots.walk_in(scene(number), days=number, source=("natural", "call", "referral", "own")[number])
    for number in range(3):
        yield plots.corrected(scene(number), days=5 + number * 9)
        yield plots.contested(scene(1, "luogang"), town.people["gaoming"], filed=4 + number, came=3 - number)
    for number in range(8):
        yield plots.walk_in(scene(1), days=number % 3)


def _partners(scene, town: Town) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    for number in range(5):
        yield plots.visited(scene(number, "wushan"), filed=30 - number, came=28 - number)
        yield plots.visited(scene(number, "xixi"), filed=25 - number, came=23 - number)
        yield plots.held(scene(number, "xixi"), filed=8)
    yield _stop(scene(1), town, "吴山联行", 5)
    yield _stop(scene(1), town, "西溪分销", 6)


def _deals(scene, town: Town) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    for number, later in enumerate(((), ("signing",), ("subscription", "signing"), ("signing", "online_signing"))):
        yield deals.bought(scene(1, "chenli" if number == 1 else None), 14 + number * 3, 2 + number * 4, *later)
    yield deals.couple(scene(1), 5)
    yield deals.company_deal(scene(1), 3)
    yield deals.clashed(scene(1, "chenli"), town.people["gaoming"], 1, ruled=False)
    yield deals.clashed(scene(1, "luogang"), town.people["chenli"], 6, ruled=True)


def _breaches(scene) -> Iterator[plots.Plot]:  # type: ignore[no-untyped-def]
    yield findings.nameless(scene(1))
    yield findings.asked(scene(1), "橘灯房产", 2, answered=False)
    yield findings.asked(scene(1), "星梯找房", 3, answered=True)
    yield findings.fined(scene(1), "星梯找房", 12, appealed=False)
    yield findings.fined(scene(1), "橘灯房产", 4, appealed=True)
    yield findings.false_filing(scene(1, "luogang"), 9)
    yield findings.unfounded(scene(1), "橘灯房产", 15)
    yield findings.dumped(scene(1), 7)
    yield spot_checks.checked(scene(1))
    for number in range(2):
        yield findings.looked_up(scene(1, "fanchen"), 2 + number * 6)


def _stop(scene: plots.Scene, town: Town, name: str, days: int) -> plots.Plot:
    yield scene.some_time(-days, 10, 17)
    company, headquarters = town.companies[name], town.people["qudao"]
    if name == "西溪分销":
        reason = "第二次截客认定，终止合作"
        partnership.blacklist(actor=headquarters, distributor=company, reason=reason)
    else:
        partnership.suspend(actor=headquarters, distributor=company, reason="报备资料抽查中，暂停新增报备")
