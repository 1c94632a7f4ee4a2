"""What people type reaches paper as text: never as markup, never as a request, never as a crash."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from portal.documents import printing
from portal.documents.values import Document
from tests.documents import examples
from tests.documents.conftest import Print

Printed = Callable[[Document], Print]


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '"><img src="file:///etc/passwd">',
        "{{ 7*7 }}{% raw %}",
        "%(name)s %s %%",
        "</td></tr></table><h1>假标题</h1>",
        "url(javascript:alert(1))&lt;&amp;",
        "a" * 500,
        "汉" * 500,
    ],
)
def test_markup_and_long_strings_print_as_typed(printed: Printed, typed: str) -> None:
    text = printed(replace(examples.FILING, customer=typed, note=typed, distributor=typed, city=typed)).text
    assert text.count("".join(typed.split())) >= 4


def test_control_and_direction_characters_vanish(printed: Printed) -> None:
    result = printed(
        replace(examples.FILING, customer="黄\x00\x07\x1b[31m\u202e维\u200b\ufeff", note="一\r\n二\u2028三\x0b四")
    )
    assert "黄[31m维手机号" in result.text
    assert "备注一二三四" in result.text


def test_characters_that_the_font_lacks_are_marked_and_listed(printed: Printed) -> None:
    text = printed(replace(examples.FILING, customer="黄😀\U0002b740\ud800")).text
    assert "客户黄〓〓〓手机号" in text
    assert "〓代字库未收的字：U+1F600U+2B740U+D800" in text


def test_a_document_fetches_nothing() -> None:
    asked: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Recorder) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        for asking in ('<link rel="stylesheet" href="%s">', '<img alt="" src="%s">', '<p style="background:url(%s)">x'):
            for address in (url, "file:///etc/hostname"):
                with pytest.raises(printing.OutsideFetch):
                    printing._pdf(f'<html lang="en">{asking % address}', "x")
        server.shutdown()
        thread.join()
    assert asked == []
