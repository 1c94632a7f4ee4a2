"""What the queue is doing, for the administrator: who works, what comes next, what is dead and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.cron import CronScheduler
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry, ScheduledJobRegistry, StartedJobRegistry

from portal import jobs
from portal.security import masked

DEAD_SHOWN = 50
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class DeadJob:
    """A job that will not be tried again by itself. ``reason`` is a type and a place, never a value."""

    id: str
    name: str
    subject_id: int | None
    failed_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Runner:
    """A worker or scheduler and when it was last heard of."""

    name: str
    is_busy: bool
    heard_at: datetime | None


@dataclass(frozen=True)
class Coming:
    """A periodic job, when it last went to the queue and when it will again; None when it goes at once."""

    name: str
    last_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True)
class QueueState:
    """The queue at this moment."""

    waiting: int
    started: int
    retrying: int
    dead: tuple[DeadJob, ...]
    workers: tuple[Runner, ...]
    schedulers: tuple[Runner, ...]
    coming: tuple[Coming, ...]


def queue_state() -> QueueState | None:
    """The state, or None when Redis is away."""
    try:
        return _read([jobs.queue(name) for name in jobs.QUEUES])
    except RedisError:
        return None


def is_dead(job_id: str) -> bool:
    """Whether there is such a dead job. Raises RedisError when Redis is away."""
    return any(job_id in FailedJobRegistry(queue=jobs.queue(name)) for name in jobs.QUEUES)


def _read(queues: list[Queue]) -> QueueState:
    connection = queues[0].connection
    schedulers = CronScheduler.all(connection)
    dead = [job for queue in queues for job in _dead(queue)]
    return QueueState(
        waiting=sum(queue.count for queue in queues),
        started=sum(StartedJobRegistry(queue=queue).get_job_count(cleanup=False) for queue in queues),
        retrying=sum(int(ScheduledJobRegistry(queue=queue).get_job_count(cleanup=False)) for queue in queues),
        dead=tuple(sorted(dead, key=lambda job: job.failed_at or _LONG_AGO, reverse=True)),
        workers=tuple(
            Runner(worker.name[:8], worker.get_state() == "busy", _aware(worker.last_heartbeat))
            for worker in Worker.all(connection=connection)
        ),
        schedulers=tuple(Runner(one.name, True, one.last_heartbeat) for one in schedulers),
        coming=tuple(
            Coming(job.func_name, _aware(job.latest_enqueue_time), _aware(job.next_enqueue_time))
            for one in schedulers
            for job in one.get_jobs()
        ),
    )


def _dead(queue: Queue) -> Iterator[DeadJob]:
    registry = FailedJobRegistry(queue=queue)
    for job_id in registry.get_job_ids(0, DEAD_SHOWN - 1, desc=True, cleanup=False):
        try:
            yield _dead_job(Job.fetch(job_id, connection=queue.connection))
        except NoSuchJobError:
            continue


def _dead_job(job: Job) -> DeadJob:
    subject = job.args[0] if job.args and isinstance(job.args[0], int) else None
    return DeadJob(job.id, job.func_name or "", subject, _aware(job.ended_at), _reason(job))


def _reason(job: Job) -> str:
    """The last line of the traceback, without the name of the exception that carries it."""
    result = job.latest_result()
    lines = [line for line in (result.exc_string or "").splitlines() if line.strip()] if result else []
    return masked(lines[-1].removeprefix("worker.context.JobFailed: "))[:300] if lines else "–"


def _aware(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant
