"""The statements of a filing: what it rests on, read in one, and everything that it writes, in another.

Built once, and not left to the session's unit of work: filing is what most requests of a morning do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Insert, LargeBinary, Table, Text, bindparam, func, insert, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from portal.models import Document, HistoryEntry, Policy, Registration, RegistrationKey
from portal.queries.contracts import COVERS
from portal.queries.matches import OWN_RUNNING
from portal.services.identities import Fingerprints
from portal.services.locks import Filer
from portal.services.policies import IN_FORCE
from portal.straight import Entity, Straight

_R, _K = Registration, RegistrationKey
_SENT_BEFORE = select(_R.id).where(
    _R.submission_key == bindparam("key"), _R.distributor_id == bindparam("distributor_id")
)
_OWN = OWN_RUNNING.lateral("own")
# What the parameters of a policy are is kept by their digest: the document itself is hardly ever read again.
_POLICY = Entity(Policy, "policy", without=["document"])
_TERMS = IN_FORCE.with_only_columns(*_POLICY.columns).lateral("terms")
# After the locks, and so in a statement of its own: it sees what those have written who held them before.
_GROUND = Straight(
    select(
        COVERS.scalar_subquery().label("covered"),
        _SENT_BEFORE.scalar_subquery().label("sent_before"),
        _OWN.c.reference,
        _OWN.c.ends_at,
        *_TERMS.c,
    ).select_from(select(literal(1)).subquery("one").outerjoin(_TERMS, true()).outerjoin(_OWN, true()))
)

_BY_DATABASE = {"ends_at"}
_LATER = {
    "visited_at",
    "visit_ends_at",
    "pending_until",
    "extension_ends_at",
    "entered_at",
    "frozen_at",
    "end_noted_at",
}
_LATER |= {"outcome", "outcome_at", "outcome_clause", "is_bulk", "visited_seq", "outcome_seq"}
_COLUMNS = [column.name for column in _R.__table__.columns if column.name not in _BY_DATABASE]
#: Every column of a registration that the database does not compute, as yet empty.
EMPTY_ROW: dict[str, Any] = dict.fromkeys(_COLUMNS)


def _insert(model: Any, values: dict[str, str]) -> Insert:
    """One row: by column the parameter that it takes; the database gives the other columns their values.

    Whatever stands in several rows is one parameter: from fifty on the driver would read the statement anew each time.
    """
    table = cast(Table, model.__table__)
    row = select(*(bindparam(parameter, type_=table.c[name].type) for name, parameter in values.items()))
    return insert(table).from_select(list(values), row, include_defaults=False)


_REMEMBERED = _insert(
    HistoryEntry,
    {
        "project_id": "project_id",
        "happened_at": "filed_at",
        "actor_id": "broker_id",
        "actor_role": "actor_role",
        "verb": "verb",
        "subject_type": "subject_type",
        "subject_id": "id",
        "clause": "clause",
        "facts": "facts",
        "digest": "digest",
    },
)
_ORDERED = (
    _insert(
        Document,
        {
            "reference": "reference",
            "kind": "slip_kind",
            "subject_id": "id",
            "project_id": "project_id",
            "distributor_id": "distributor_id",
            "check_code": "check_code",
            "created_at": "filed_at",
            "state": "slip_state",
            "attempts": "slip_attempts",
        },
    )
    .returning(Document.id)
    .cte("ordered")
)
_FILED = (
    _insert(_R, {name: name for name in _COLUMNS if name not in _LATER})
    .returning(_R.id, _R.ends_at, _R.project_id, _R.distributor_id, _R.filed_at, _R.hold_ends_at)
    .cte("filed")
)
_KINDS = bindparam("kinds", type_=ARRAY(Text))
_PAIRS = (
    func.unnest(_KINDS, bindparam("prints", type_=ARRAY(LargeBinary)))
    .table_valued("kind", "fingerprint")
    .render_derived()
)
_KEYED = insert(cast(Table, _K.__table__)).from_select(
    ["registration_id", "project_id", "distributor_id", "covers", "kind", "fingerprint"],
    select(
        _FILED.c.id,
        _FILED.c.project_id,
        _FILED.c.distributor_id,
        func.tstzrange(_FILED.c.filed_at, _FILED.c.hold_ends_at),
        _PAIRS.c.kind,
        _PAIRS.c.fingerprint,
    ).select_from(_FILED.join(_PAIRS, true())),
    include_defaults=False,
)
_WRITE = Straight(
    select(_FILED.c.ends_at, _ORDERED.c.id.label("document_id"))
    .select_from(_FILED.join(_ORDERED, true()))
    .add_cte(_KEYED.cte("keyed"), _REMEMBERED.cte("remembered"))
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a filing rests on: whether a contract covers it, the policy in force, what was sent or filed before.

    ``sent_before`` is the id of the registration that the same form made; ``own`` number and end of one's own running filing.
    """

    covered: bool
    policy: Policy | None
    sent_before: int | None
    own: tuple[str, datetime] | None


def ground_of(filer: Filer, project_id: int, submission_key: UUID | None) -> Ground:
    """What the filing of somebody who holds the locks rests on."""
    values = {
        "distributor_id": filer.distributor.id,
        "project_id": project_id,
        "now": filer.now,
        "at": filer.now,
        "instant": filer.now,
        "fingerprints": list(filer.prints.values()),
        "key": submission_key,
    }
    found = _GROUND.row(values)
    own = None if found.reference is None else (found.reference, found.ends_at)
    return Ground(bool(found.covered), _POLICY.of(found), found.sent_before, own)


def write_filing(row: dict[str, Any], prints: Fingerprints, entry: dict[str, Any], slip: dict[str, Any]) -> Any:
    """Write a registration, its keys, its entry in the history and its slip: its ``ends_at``, the slip's ``document_id``."""
    values = {name: value for name, value in row.items() if name not in _LATER}
    values |= {"kinds": list(prints), "prints": list(prints.values())}
    values |= {name: entry[name] for name in ("actor_role", "verb", "subject_type", "clause", "facts", "digest")}
    values |= {f"slip_{name}": slip[name] for name in ("kind", "state", "attempts")} | {
        "check_code": slip["check_code"]
    }
    return _WRITE.row(values)
