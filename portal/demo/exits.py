"""The demo's endings: partners that ask to leave, left, are closed, are or were terminated; urged and warned ones."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from portal.demo import plots
from portal.demo.people import Town
from portal.demo.plots import Plot, Scene
from portal.demo.strokes import scribble
from portal.models import Exit
from portal.rules.exits import earliest_day
from portal.services import exit_duties, exits, partner_standing
from portal.wording.times import PORTAL_ZONE

_WARNED, _URGED, _DOWNGRADED = "钱江渠道", "湖滨经纪", "之江营销"


def endings(scene: Callable[..., Scene], town: Town, now: datetime) -> list[Plot]:
    """What runs of both, then their endings, and a warning."""
    # A hand of its own: the other stories stay as they are.
    random = Random("exits")
    running = [plots.held(scene(number, "xianghu"), filed=number + 1) for number in range(3)]
    visits = [plots.visited(scene(number, "fuchun"), filed=44, came=42 - number) for number in range(2)]
    standing = [_urged(town, now), _warned(town, now), _downgraded(town, now)]
    ended = [plots.visited(scene(number, "yuquan"), filed=27, came=25 - number) for number in range(3)]
    gone = [_left(town, random, now), _terminated(town, now), _closed(town, random, now)]
    return [*running, *visits, *ended, _asked(town, now), *gone, *standing, _proposed(town, now)]


def _asked(town: Town, now: datetime) -> Plot:
    yield now - timedelta(days=2)
    _ask(town, "xianghuo", "股东决定转做商业运营，不再做住宅分销。", now - timedelta(days=2))


def _left(town: Town, random: Random, now: datetime) -> Plot:
    headquarters = town.people["qudao"]
    why, agreed = "公司搬离本市，团队解散。", "手续齐全，客户走到期满。"
    ending = yield from _agreed(town, "fuchuno", why, now - timedelta(days=38), agreed)
    exit_duties.hand_over(actor=headquarters, ending=ending, choice="run_on")
    assert ending.ends_at is not None
    yield ending.ends_at + timedelta(minutes=1)
    exits.take_effect(ending=ending)
    yield ending.ends_at + timedelta(days=1)
    note = "证件两张、沙盘钥匙一把，已收回"
    exit_duties.tick_duty(actor=headquarters, ending=ending, kind="papers", done=True, note=note)
    exit_duties.settle_up(actor=headquarters, ending=ending)
    yield ending.ends_at + timedelta(days=2)
    pad: dict[str, Any] = {"strokes": scribble(random), "image": b""}
    exit_duties.sign_settlement(actor=town.people["fuchuno"], ending=ending, **pad)


def _terminated(town: Town, now: datetime) -> Plot:
    yield now - timedelta(days=6)
    reason = "资质吊销后仍以公司名义带客，经书面通知未改正。"
    ending = exits.propose_termination(
        actor=town.people["qudao"], distributor=town.companies["玉泉地产"], clause="DM-12.2", reason=reason
    )
    yield now - timedelta(days=4)
    reason = "吊销公告和通知回执已核对。"
    exits.decide_termination(actor=town.people["qudao2"], ending=ending, approved=True, reason=reason)


def _closed(town: Town, random: Random, now: datetime) -> Plot:
    """Nothing was left to run: asked, agreed to, settled and closed."""
    headquarters = town.people["qudao"]
    why, agreed = "公司并入集团其他业务，不再做分销。", "没有正在进行的客户，手续齐全。"
    ending = yield from _agreed(town, "tianmuo", why, now - timedelta(days=100), agreed)
    assert ending.ends_at is not None
    yield ending.ends_at + timedelta(minutes=1)
    exits.take_effect(ending=ending)
    yield ending.ends_at + timedelta(days=2)
    for kind in ("commission", "papers", "confidentiality"):
        exit_duties.tick_duty(actor=headquarters, ending=ending, kind=kind, done=True, note="已核对")
    exit_duties.settle_up(actor=headquarters, ending=ending)
    yield ending.ends_at + timedelta(days=3)
    exit_duties.sign_settlement(actor=town.people["tianmuo"], ending=ending, strokes=scribble(random), image=b"")
    yield ending.ends_at + timedelta(days=4)
    exit_duties.close(actor=headquarters, ending=ending)


def _urged(town: Town, now: datetime) -> Plot:
    yield now - timedelta(days=6)
    company = town.companies[_URGED]
    partner_standing.urge(
        actor=town.people["qudao"], distributor=company, reason="上季度到访 11 组，约定 30 组，请本季度赶上。"
    )


def _downgraded(town: Town, now: datetime) -> Plot:
    company, headquarters = town.companies[_DOWNGRADED], town.people["qudao2"]
    yield now - timedelta(days=75)
    partner_standing.warn(actor=headquarters, distributor=company, reason="上半年评审不合格，限期整改。")
    yield now - timedelta(days=12)
    partner_standing.downgrade(actor=headquarters, distributor=company, reason="整改后仍不合格，降级合作。")


def _warned(town: Town, now: datetime) -> Plot:
    yield now - timedelta(days=9)
    company = town.companies[_WARNED]
    partner_standing.warn(actor=town.people["qudao"], distributor=company, reason="两个季度到访数未达标，限期整改。")


def _proposed(town: Town, now: datetime) -> Plot:
    yield now - timedelta(days=1)
    company = town.companies["吴山联行"]
    reason = "暂停期间仍以公司名义对外发布房源，经两次书面通知未改正。"
    exits.propose_termination(actor=town.people["qudao2"], distributor=company, clause="DM-12.2", reason=reason)


def _agreed(town: Town, owner: str, why: str, at: datetime, reason: str) -> Generator[datetime, None, Exit]:
    """Asked for at ``at``, agreed to the day after."""
    yield at
    ending = _ask(town, owner, why, at)
    yield at + timedelta(days=1)
    exits.decide_exit(actor=town.people["qudao"], ending=ending, approved=True, reason=reason)
    return ending


def _ask(town: Town, owner: str, reason: str, at: datetime) -> Exit:
    last_day = earliest_day(at, PORTAL_ZONE)
    return exits.ask_exit(actor=town.people[owner], reason=reason, last_day=last_day)
