"""Why a job failed, in words that the administrator can act on."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.wording.jobs import why


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Work-horse terminated unexpectedly; waitpid returned 9 (signal 9); ", "中途被终止"),
        ("Moved to FailedJobRegistry, due to AbandonedJobError, at 2026-11-22", "中途被终止"),
        ("JobTimeoutException in print_now (printing.py:61)", "超过了允许的时间"),
        ("ValueError: Invalid attribute name: carry_out", "版本不同"),
        ("DiskFull in print_now (printing.py:61)", "磁盘已满"),
        ("ReadOnlySqlTransaction in print_now (printing.py:61)", "没有写入的权限"),
        ("OperationalError in transaction (transaction.py:20)", "数据库连不上"),
        ("ConnectionError in send (mail.py:40)", "没有回应"),
        ("TypeError in print_now (printing.py:61)", "转给维护人员"),
        ("–", "转给维护人员"),
    ],
)
def test_the_reason_is_said_in_words(app: Flask, reason: str, said: str) -> None:
    with app.test_request_context():
        assert said in why(reason)
