"""The names of the worker's jobs, as the administrator reads them."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NAMES: dict[str, LazyString] = {
    "worker.jobs.documents.print_document": _l("打印单据"),
    "worker.jobs.documents.hand_out": _l("安排打印报备单"),
    "worker.jobs.documents.print_waiting": _l("补打没有打印的单据"),
    "worker.jobs.protections.note_ends": _l("登记到期"),
    "worker.jobs.protections.remind": _l("到期前提醒"),
    "worker.jobs.site_day.alert_open_flows": _l("闭馆时未走完的到访"),
    "worker.jobs.history.seal": _l("封存历史记录"),
    "worker.jobs.enforcements.carry_out": _l("执行合作状态的决定"),
    "worker.jobs.enforcements.take_up": _l("接着做没有办完的执行"),
    "worker.jobs.backtests.run_backtest": _l("规则试算"),
    "worker.jobs.backtests.take_up": _l("接着没有算完的规则试算"),
    "worker.jobs.deal_imports.import_rows": _l("导入成交"),
    "worker.jobs.deal_imports.take_up": _l("接着做没有完成的导入"),
    "worker.jobs.contracts.remind_of_ends": _l("提醒合同到期"),
    "worker.jobs.contracts.tell_what_nobody_reviews": _l("提醒没有法务审核的合同"),
    "worker.jobs.claims.close_unfounded": _l("结清没有对应成交的撞单申请"),
    "worker.jobs.claims.tell_answers": _l("通知撞单申请的答复"),
    "worker.jobs.findings.remind_of_explanations": _l("提醒违规说明的期限"),
    "worker.jobs.findings.look_for_alerts": _l("查找甩客、藏客的迹象"),
    "worker.jobs.applications.remind_of_signatures": _l("提醒超期的申请签批"),
    "worker.jobs.applications.remind_of_papers": _l("提醒到期的分销商证件"),
    "worker.jobs.outgoing_messages.send_message": _l("发送消息"),
    "worker.jobs.outgoing_messages.send_waiting": _l("补发没有发出的消息"),
    "worker.jobs.applications.erase_expired": _l("清除期满未成的申请"),
    "worker.jobs.care.open_tasks": _l("开始季度调研和半年报告"),
    "worker.jobs.care.open_reviews": _l("开始半年评审"),
    "worker.jobs.care.remind": _l("提醒评审和联系的期限"),
    "worker.jobs.care.tell_of_targets": _l("提醒没有达到的合同目标"),
    "worker.jobs.complaints.remind": _l("提醒投诉的期限"),
    "worker.jobs.complaints.recount_deadlines": _l("放假安排公布后重算工作日期限"),
    "worker.jobs.exits.take_effect": _l("执行到期的退出"),
    "worker.jobs.exits.remind_of_appraisals": _l("提醒鉴定保存期满的合同和结算单"),
    "worker.jobs.exits.erase_expired": _l("清除保存期满的个人信息"),
    "worker.jobs.notices.clear_away": _l("清理旧草稿与旧通知"),
}
"""Each job by its full name."""


def name_of(full_name: str) -> str:
    """What people call the job; an unknown one keeps its full name."""
    return str(NAMES.get(full_name, full_name))


#: What the technical reason holds, and what it means; the first that fits is said.
_WHY: tuple[tuple[tuple[str, ...], LazyString], ...] = (
    (
        ("Work-horse terminated", "AbandonedJobError", "MemoryError"),
        _l("执行它的进程中途被终止：内存不足、关机，或被人强制结束。"),
    ),
    (("JobTimeoutException", "exceeded maximum timeout"), _l("超过了允许的时间。")),
    (
        ("Invalid attribute name", "ModuleNotFoundError", "ImportError"),
        _l("后台进程的程序与网页的版本不同，不认得这项任务。更新后重启后台进程。"),
    ),
    (("DiskFull", "No space left"), _l("磁盘已满。")),
    (("ReadOnlySqlTransaction", "ReadOnlyError", "PermissionError"), _l("没有写入的权限：数据库、队列或磁盘只能读。")),
    (("OperationalError", "AdminShutdown", "InterfaceError"), _l("数据库连不上，或中途断开。")),
    (("ConnectionError", "TimeoutError", "OutOfMemoryError"), _l("要用的服务连不上，或没有回应。")),
)
_UNKNOWN = _l("程序出错。请把下面这一行转给维护人员。")


def why(reason: str) -> str:
    """The technical reason of a failed job as the administrator reads it."""
    return str(next((said for signs, said in _WHY if any(sign in reason for sign in signs)), _UNKNOWN))
