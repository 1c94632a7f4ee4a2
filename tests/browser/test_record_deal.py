"""A deal in a browser: buyers added and removed with scripts and without, the step after, a table imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_findings, too_wide
from tests.fixtures import People

NEW = "/site/deals/new"


def fill(page: Page, place: int, name: str, phone: str) -> None:
    page.fill(f"[name=buyers-{place}-name]", name)
    page.fill(f"[name=buyers-{place}-phone]", phone)


@pytest.mark.parametrize(("size", "scripts"), [("desk", True), ("phone", False)])
def test_a_couple_buys(people: People, signed_in: Callable[..., Page], size: str, scripts: bool) -> None:
    page = signed_in("cai", NEW, size, scripts=scripts)
    page.click("label:has-text('认购')")
    page.fill("[name=unit]", "3-1201")
    page.fill("[name=amount]", "3,280,000.00")
    fill(page, 0, "张三", "13900001111")
    for place in (1, 2):
        page.click("button[value=add]")
        page.wait_for_selector(f"[name=buyers-{place}-name]")
    fill(page, 1, "王五", "13900003333")
    fill(page, 2, "李四", "13900002222")
    page.click("button[value=remove-1]")
    expect(page.locator("[name=buyers-1-name]")).to_have_value("李四")
    expect(page.locator("[name=buyers-2-name]")).to_have_count(0)
    expect(page.locator("[name=unit]")).to_have_value("3-1201")
    assert axe_findings(page) == [] if scripts else True
    page.check("[name=checked]")
    page.click("button:has-text('登记，得出归属')")
    expect(page.locator("h1")).to_have_text("3-1201")
    expect(page.locator("main")).to_contain_text("公司自有")
    assert too_wide(page) == [] if scripts else True


def test_a_table_is_imported_and_answered(people: People, signed_in: Callable[..., Page], tmp_path: Path) -> None:
    table = tmp_path / "成交.csv"
    table.write_text(
        "成交编号,步骤,时间,房号,购房人,手机号\nXS-1,认筹,2026-04-01,3-1201,张三,13900001111\nXS-2,退房,2026-04-01,1,李四,1\n",
        encoding="gb18030",
    )
    page = signed_in("cai", "/site/deals/import", "phone")
    page.set_input_files("[name=table]", table)
    page.click("main button:has-text('导入')")
    expect(page.locator("#answers")).to_contain_text("步骤只有认筹、认购、签约、网签。")
    with page.expect_download() as download:
        page.click("a:has-text('下载答复')")
    assert download.value.suggested_filename.endswith(".csv")
    assert too_wide(page) == []
