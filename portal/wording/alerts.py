"""Alerts in words: what was found, and the two instants that it was found by (RE-7.2)."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.addresses import hidden
from portal.models import Alert
from portal.wording import times

ALERTS: dict[str, LazyString] = {
    "remarked": _l("自然到访改作渠道"),
    "after_lookup": _l("内部查看后随即报备"),
    "changed_after_entry": _l("录入后改动客户资料"),
    "after_arrival": _l("到访在前、报备在后"),
}
#: What the earlier and the later instant of each pattern are.
INSTANTS: dict[str, tuple[LazyString, LazyString]] = {
    "remarked": (_l("登记为自然到访"), _l("改作渠道")),
    "after_lookup": (_l("内部查看客户资料"), _l("分销商报备")),
    "changed_after_entry": (_l("录入客户"), _l("改动客户资料")),
    "after_arrival": (_l("公司登记自然到访"), _l("分销商报备")),
}
#: Whose act the named person's was.
ACTS: dict[str, LazyString] = {
    "remarked": _l("批准改作渠道的人"),
    "after_lookup": _l("查看资料的人"),
    "changed_after_entry": _l("改动资料的人"),
    "after_arrival": _l("登记到访的人"),
}
STATES: dict[str, tuple[str, LazyString]] = {
    "open": ("waiting", _l("待核查")),
    "case": ("frozen", _l("已立案")),
    "set_aside": ("expired", _p("alert", "已排除")),
}


def report_of(alert: Alert) -> dict[str, str]:
    """What a report opened on the alert begins with, to be completed by whoever opens it."""
    zone = alert.project.zone
    first, then = INSTANTS[alert.kind]
    facts = [
        f"{ALERTS[alert.kind]}{_('：')}{alert.registration.reference} {alert.registration.distributor.name}",
        f"{first} {times.second(alert.before_at, zone)}",
        f"{then} {times.second(alert.happened_at, zone)}",
        *([f"{ACTS[alert.kind]} {alert.staff.name}"] if alert.staff else []),
    ]
    return {
        "kind": "staff_dumping",
        "project": alert.project.code,
        "persons": alert.staff.name if alert.staff else "",
        "about": alert.registration.reference,
        "happened_at": times.moment(alert.happened_at, zone),
        "summary": "\n".join(facts),
        "alert": hidden(alert.id),
    }
