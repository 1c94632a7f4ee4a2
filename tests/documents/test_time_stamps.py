"""The time stamp of an authority on a signed file (RFC 3161): put on, read again, and never left out in silence (CH-5.5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from weasyprint import HTML

from launcher import signing
from portal.documents.pades import NoTimeStamp, Seal, Stamps, examine, load_roots, load_seal, sign_pdf
from tests import authority
from tests.authority import open_for_business


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    made = signing.obtain(tmp_path_factory.mktemp("seal"), given={}, matching_key="k")
    paths = Path(made["SIGNING_CERTIFICATE"]), Path(made["SIGNING_KEY"])
    return load_seal(*paths, made["SIGNING_PASSPHRASE"])


@pytest.fixture(scope="module")
def pdf() -> bytes:
    content: bytes = HTML(string="<p>contract</p>").write_pdf()
    return content


def sign(pdf: bytes, seal: Seal, stamps: Stamps | None) -> bytes:
    return sign_pdf(pdf, seal, reason="HT", place="杭州", stamps=stamps)


def test_without_an_authority_there_is_none(pdf: bytes, seal: Seal) -> None:
    found = examine(sign(pdf, seal, None), seal)
    assert (found.unaltered, found.ours, found.stamped_at, found.stamped_by) == (True, True, None, "")


def test_the_stamp_is_put_on_and_read_again(pdf: bytes, seal: Seal, tmp_path: Path) -> None:
    with open_for_business() as tsa:
        stamps = Stamps(tsa.url, load_roots(tsa.roots(tmp_path)))
        signed = sign(pdf, seal, stamps)
        assert tsa.asked > 0
    found = examine(signed, seal, stamps)
    assert (found.unaltered, found.ours, found.stamped_by) == (True, True, authority.NAME)
    assert found.stamped_at is not None and abs(found.stamped_at - datetime.now(UTC)) < timedelta(minutes=10)
    changed = bytearray(signed)
    changed[len(pdf) // 2] ^= 1
    assert not examine(bytes(changed), seal, stamps).unaltered


@pytest.mark.parametrize("answer", [authority.stamps_something_else, authority.breaks, authority.babbles])
def test_an_answer_that_does_not_hold_signs_nothing(pdf: bytes, seal: Seal, answer: authority.Answer) -> None:
    with open_for_business(answer) as tsa, pytest.raises(NoTimeStamp):
        sign(pdf, seal, Stamps(tsa.url))


def test_nobody_there_signs_nothing(pdf: bytes, seal: Seal) -> None:
    with open_for_business() as tsa:
        gone = Stamps(tsa.url)
    with pytest.raises(NoTimeStamp):
        sign(pdf, seal, gone)


def test_another_authority_than_the_one_that_is_set_signs_nothing(pdf: bytes, seal: Seal, tmp_path: Path) -> None:
    with open_for_business() as tsa, open_for_business() as other, pytest.raises(NoTimeStamp, match="roots"):
        sign(pdf, seal, Stamps(tsa.url, load_roots(other.roots(tmp_path))))


def test_roots_that_are_none_are_said(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    with pytest.raises(ValueError, match=r"empty\.pem"):
        load_roots(tmp_path / "empty.pem")
