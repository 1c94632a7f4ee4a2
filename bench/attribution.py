"""Deals ruled per second by the rule alone, and with each case read from its record and written back.

    .venv/bin/python -m bench.attribution [--deals N]

A case has eight registrations of five distributors, two buyers and a relative: more than a clash usually has.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import UTC, datetime, timedelta

from portal.rules.attribution import Candidate, Case, attribute
from portal.rules.case_records import digest_of, outcome_of, record_of, replay
from portal.rules.standing import RegistrationFacts

_EVENT = datetime(2026, 3, 28, 3, tzinfo=UTC)
#: What the rule may take for a thousand deals, in seconds.
BUDGET = 2.0


def generated_case(chance: random.Random) -> Case:
    """A clash of eight registrations, some lapsed, some unvisited, some of a relative."""
    candidates = tuple(_candidate(chance, seq) for seq in range(1, 9))
    return Case(at=_EVENT, seq=1000, tie_break=("front_desk", "recorded"), candidates=candidates)


def _candidate(chance: random.Random, seq: int) -> Candidate:
    filed_at = _EVENT - timedelta(seconds=chance.randrange(60 * 86_400))
    facts = RegistrationFacts(seq=seq, filed_at=filed_at, hold_ends_at=filed_at + timedelta(days=7))
    if chance.random() < 0.8:
        visited_at = filed_at + timedelta(hours=chance.randrange(1, 160))
        facts = RegistrationFacts(
            seq=seq,
            filed_at=filed_at,
            hold_ends_at=filed_at + timedelta(days=7),
            visited_at=visited_at,
            visit_ends_at=visited_at + timedelta(days=45),
            visited_seq=seq + 100,
        )
    kin = frozenset({0}) if chance.random() < 0.1 else frozenset[int]()
    buyers = frozenset[int]() if kin else frozenset({chance.randrange(2)})
    return Candidate(distributor=chance.randrange(5), registration=facts, buyers=buyers, relative_of=kin)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=1000)
    count = parser.parse_args().deals
    chance = random.Random(8)
    cases = [generated_case(chance) for _ in range(count)]
    begun = time.process_time()
    rulings = [attribute(case) for case in cases]
    ruled = time.process_time()
    kept = [record_of(case) for case in cases]
    for record, ruling in zip(kept, rulings, strict=True):
        digest_of(record, outcome_of(ruling))
    written = time.process_time()
    same = sum(replay(record) == outcome_of(ruling) for record, ruling in zip(kept, rulings, strict=True))
    replayed = time.process_time()
    rule = ruled - begun
    owned = sum(one.owner is not None for one in rulings)
    sys.stdout.write(
        f"{count} deals ruled in {rule:.3f} s of CPU (budget {BUDGET * count / 1000:.1f} s)\n"
        f"kept with digest: {(written - ruled) / rule:.1f} x the rule; replayed: {(replayed - written) / rule:.1f} x\n"
        f"{same} of {count} the same when replayed; {owned} owned by a distributor\n"
    )


if __name__ == "__main__":
    main()
