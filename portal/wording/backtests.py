"""A back-test in words: what would have been different under the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _


def said(report: Mapping[str, Any]) -> list[str]:
    """One line per kind of difference, with how many and which; the references say which registrations are meant."""
    lines = [
        _(
            "登记 %(all)d 件，成交 %(deals)d 件，撞单申请 %(claims)d 件。",
            all=report["registrations"],
            deals=report["deals"],
            claims=report["claims"],
        ),
        _("会在到访前过期：%(count)d 件。", count=len(report["lapsed"])) + _which(report["lapsed"]),
        _("会赶上到访：%(count)d 件。", count=len(report["revived"])) + _which(report["revived"]),
        _("会算报备过晚：%(count)d 件。", count=len(report["late"])) + _which(report["late"]),
        _("不再算报备过晚：%(count)d 件。", count=len(report["no_longer_late"])) + _which(report["no_longer_late"]),
        _("成交归属会改变：%(count)d 件。", count=len(report["changed"])),
    ]
    lines += [_change(change) for change in report["changed"]]
    return [
        *lines,
        _("撞单申请会不受理：%(count)d 件。", count=len(report["claims_refused"])) + _which(report["claims_refused"]),
        _("撞单申请会标为从严已晚：%(count)d 件。", count=len(report["claims_flagged"]))
        + _which(report["claims_flagged"]),
        _("撞单申请不再标为从严已晚：%(count)d 件。", count=len(report["claims_no_longer_flagged"]))
        + _which(report["claims_no_longer_flagged"]),
    ]


def owner(name: str | None) -> str:
    """A distributor's name, or the company."""
    return name or _("公司自有")


def _which(references: Sequence[str]) -> str:
    return " " + " ".join(references) if references else ""


def _change(change: Mapping[str, Any]) -> str:
    return _(
        "  %(deal)s：%(before)s → %(after)s",
        deal=change["deal"],
        before=owner(change["before"]),
        after=owner(change["after"]),
    )
