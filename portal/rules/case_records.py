"""A case as it is kept with its ruling: plain values that give the same case, and so the same ruling, when read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from portal.rules.attribution import Attribution, Candidate, Case, Verdict, attribute, decide_anew
from portal.rules.standing import RegistrationFacts


def record_of(case: Case) -> dict[str, Any]:
    """The case in JSON: instants in UTC, sets as sorted lists. Nothing personal is in it: people are numbers."""
    return {
        "at": _instant(case.at),
        "seq": case.seq,
        "tie_break": list(case.tie_break),
        "claimants": sorted(case.claimants),
        "candidates": [
            _candidate(one) for one in sorted(case.candidates, key=lambda candidate: candidate.registration.seq)
        ],
    }


def case_of(record: Mapping[str, Any]) -> Case:
    """The case that was recorded. Raises KeyError or ValueError when the record is not one."""
    return Case(
        at=datetime.fromisoformat(record["at"]),
        seq=record["seq"],
        tie_break=tuple(record["tie_break"]),
        claimants=frozenset(record["claimants"]),
        candidates=tuple(_read_candidate(one) for one in record["candidates"]),
    )


def replay(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules say today of a case kept with its ruling; the same as was kept, or the rules have changed."""
    case = case_of(record)
    if "decided_anew" in record:
        return outcome_of(decide_anew(case, record["decided_anew"]["registration"]))
    return outcome_of(attribute(case))


def outcome_of(attribution: Attribution) -> dict[str, Any]:
    """The ruling in JSON."""
    return {
        "owner": attribution.owner,
        "registration": attribution.registration,
        "clause": attribution.clause,
        "verdicts": [[one.registration, one.distributor, one.step, one.clause] for one in attribution.verdicts],
        "passed_over": {str(distributor): clause for distributor, clause in sorted(attribution.passed_over.items())},
    }


def attribution_of(outcome: Mapping[str, Any]) -> Attribution:
    """The ruling that was recorded. Raises KeyError or ValueError when the record is not one."""
    return Attribution(
        owner=outcome["owner"],
        registration=outcome["registration"],
        clause=outcome["clause"],
        verdicts=tuple(Verdict(*one) for one in outcome["verdicts"]),
        passed_over={int(distributor): clause for distributor, clause in outcome["passed_over"].items()},
    )


def digest_of(*records: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the records: what the ruling paper calls the digest of the facts."""
    text = json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _candidate(one: Candidate) -> dict[str, Any]:
    facts = {field.name: _plain(getattr(one.registration, field.name)) for field in fields(RegistrationFacts)}
    return {
        "distributor": one.distributor,
        "registration": facts,
        "buyers": sorted(one.buyers),
        "relative_of": sorted(one.relative_of),
        "incorrect": one.incorrect,
        "accepted": one.accepted,
    }


def _read_candidate(record: Mapping[str, Any]) -> Candidate:
    facts = {name: _read(name, value) for name, value in record["registration"].items()}
    return Candidate(
        distributor=record["distributor"],
        registration=RegistrationFacts(**facts),
        buyers=frozenset(record["buyers"]),
        relative_of=frozenset(record["relative_of"]),
        incorrect=record["incorrect"],
        accepted=record["accepted"],
    )


def _plain(value: Any) -> Any:
    return _instant(value) if isinstance(value, datetime) else value


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _read(name: str, value: Any) -> Any:
    is_instant = value is not None and (name.endswith("_at") or name == "pending_until")
    return datetime.fromisoformat(value) if is_instant else value
