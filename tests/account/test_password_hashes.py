"""What the hash of a password costs in an installation; the other tests hash with less."""

from __future__ import annotations

import runpy

from argon2 import Type, extract_parameters

from portal import passwords


def test_every_hash_costs_what_an_installation_asks_for() -> None:
    installed = runpy.run_path(passwords.__file__)
    costs = extract_parameters(installed["hash_password"]("柳岸-2026"))
    assert costs.type is Type.ID
    assert costs.memory_cost >= 46 * 1024
    assert costs.time_cost >= 2
    assert extract_parameters(installed["NOBODYS_HASH"]) == costs
