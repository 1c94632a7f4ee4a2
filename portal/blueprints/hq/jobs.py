"""The worker's day for the administrator: who is at work, what comes next, what failed and why, "run again"."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from redis.exceptions import RedisError

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import say
from portal.navigation import Item, Section, navigation
from portal.queries import documents, jobs
from portal.services import operations, printing
from portal.transaction import transaction
from portal.wording import page_now
from portal.wording.document_kinds import KINDS
from portal.wording.jobs import name_of, why

JOBS = Item(_l("后台任务"), "server", "hq.show_jobs")
navigation.add("administrator", Section((JOBS,), _l("运行")))


@bp.get("/jobs")
@requires(Permission.SEE_JOBS)
def show_jobs() -> ResponseReturnValue:
    """The queue, its people and its dead, and the documents that are not printed. Says so when Redis is away."""
    page = {"queue": jobs.queue_state(), "unprinted": documents.unprinted(), "kinds": KINDS}
    return render_template("hq/jobs/page.html", name_of=name_of, why=why, **page)


@bp.post("/jobs/<job_id>/again")
@requires(Permission.SEE_JOBS)
def run_job_again(job_id: str) -> ResponseReturnValue:
    """Put a dead job back into the queue; one that is there no more was put back before, or done by somebody else."""
    try:
        if not jobs.is_dead(job_id):
            say(_("这项任务已不在失败之列。"), _("可能刚被放回队列，或已重新完成；什么都没有改动。"), "warn")
            return htmx.go(url_for(".show_jobs"))
        with transaction():
            operations.run_again(actor=current_user, job_id=job_id)
    except RedisError:
        say(_("队列现在连不上。"), _("什么都没有改动，过一会儿再试。"), "bad")
        return htmx.go(url_for(".show_jobs"))
    say(_("已放回队列。"), _("再失败会回到这一页。"))
    return htmx.go(url_for(".show_jobs"))


@bp.post("/jobs/documents/<ref:reference>/again")
@requires(Permission.SEE_JOBS)
def print_document_again(reference: str) -> ResponseReturnValue:
    """Have a failed document tried anew."""
    document = documents.with_reference(reference) or abort(404)
    with transaction():
        printing.print_again(actor=current_user, document=document, now=page_now())
    say(_("已重新安排打印 %(reference)s。", reference=reference), _("打不出来会回到这一页。"))
    return htmx.go(url_for(".show_jobs"))
