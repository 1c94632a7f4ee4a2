"""``python -m worker.schedule``: puts the periodic jobs on the queue. Any number may run; exactly one is at work.

The table below is the whole timetable. Every job finds out by itself what is to be done, so a job too many does no harm
and a time without a scheduler is made up for by the next run.
"""

from __future__ import annotations

import gc
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq.cron import CronJob, CronScheduler
from rq.exceptions import NoSuchJobError, SchedulerNotFound, StopRequested
from rq.job import Job, JobStatus
from rq.utils import now

from portal.config import load_settings
from portal.jobs import PERIODIC_QUEUE
from portal.wording.times import PORTAL_ZONE
from worker.jobs import (
    applications,
    backtests,
    care,
    claims,
    complaints,
    contracts,
    deal_imports,
    documents,
    enforcements,
    exits,
    findings,
    history,
    notices,
    outgoing_messages,
    protections,
    site_day,
)

log = logging.getLogger("worker.schedule")

LOCK = "jieding:scheduler"
#: Seconds for which the lock outlives its holder, and between two renewals or tries.
LOCK_TTL = 20
STEP = 5


@dataclass(frozen=True)
class Periodic:
    """A job and when it runs: every so many seconds, or by a cron line in the portal's zone."""

    work: Callable[[], None]
    seconds: int | None = None
    cron: str | None = None


TIMETABLE = (
    Periodic(documents.print_waiting, seconds=60),
    Periodic(protections.note_ends, seconds=60),
    Periodic(protections.remind, seconds=600),
    Periodic(site_day.alert_open_flows, seconds=300),
    Periodic(claims.close_unfounded, seconds=60),
    Periodic(claims.tell_answers, seconds=60),
    Periodic(contracts.remind_of_ends, seconds=600),
    Periodic(contracts.tell_what_nobody_reviews, seconds=600),
    Periodic(findings.remind_of_explanations, seconds=600),
    Periodic(findings.look_for_alerts, seconds=600),
    Periodic(care.open_reviews, seconds=3600),
    Periodic(care.open_tasks, seconds=3600),
    Periodic(care.remind, seconds=3600),
    Periodic(care.tell_of_targets, seconds=3600),
    Periodic(complaints.remind, seconds=600),
    Periodic(complaints.recount_deadlines, seconds=3600),
    Periodic(history.seal, seconds=180),
    Periodic(backtests.take_up, seconds=60),
    Periodic(deal_imports.take_up, seconds=60),
    Periodic(enforcements.take_up, seconds=60),
    Periodic(outgoing_messages.send_waiting, seconds=60),
    Periodic(applications.remind_of_signatures, seconds=600),
    Periodic(applications.remind_of_papers, seconds=3600),
    Periodic(exits.take_effect, seconds=60),
    Periodic(exits.erase_expired, cron="40 3 * * *"),
    Periodic(applications.erase_expired, cron="45 3 * * *"),
    Periodic(exits.remind_of_appraisals, cron="50 3 * * *"),
    Periodic(notices.clear_away, cron="30 3 * * *"),
)

#: A night's ends after a week without a worker take minutes; results are kept for an hour.
_OPTIONS: dict[str, Any] = {"job_timeout": 3600, "result_ttl": 3600}

# Only the holder may renew or release: the comparison and the change are one step.
_RENEW = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('expire', KEYS[1], ARGV[2]) or 0"
_RELEASE = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1]) or 0"


class LockLost(Exception):
    """Another scheduler is at work."""


class Lock:
    """Who is the one scheduler. It is taken over LOCK_TTL seconds after its holder was last heard of."""

    def __init__(self, connection: Redis) -> None:
        self._redis = connection
        self._token = secrets.token_hex(8)

    def take(self) -> bool:
        return bool(self._redis.set(LOCK, self._token, nx=True, ex=LOCK_TTL))

    def keep(self) -> None:
        """Raises LockLost when somebody else has it."""
        if not self._redis.eval(_RENEW, 1, LOCK, self._token, LOCK_TTL):
            raise LockLost

    def release(self) -> None:
        self._redis.eval(_RELEASE, 1, LOCK, self._token)


class Scheduler(CronScheduler):
    """RQ's scheduler, at work only while it holds the lock, and never heaping up one job while nobody works."""

    def __init__(self, connection: Redis, lock: Lock) -> None:
        super().__init__(connection)
        self._lock = lock
        for periodic in TIMETABLE:
            self.register(periodic.work, PERIODIC_QUEUE, interval=periodic.seconds, cron=periodic.cron, **_OPTIONS)

    def enqueue_jobs(self) -> list[CronJob]:
        self._lock.keep()
        for job in self.get_jobs():
            if job.should_run() and self._is_waiting(job):
                job.set_enqueue_time(now())
        return super().enqueue_jobs()

    def _is_waiting(self, job: CronJob) -> bool:
        newest = job.get_job_ids(self.connection, 0, 0)
        try:
            return bool(newest) and Job.fetch(newest[0], self.connection).get_status() == JobStatus.QUEUED
        except NoSuchJobError:
            return False

    def calculate_sleep_interval(self) -> float:
        return min(super().calculate_sleep_interval(), STEP)

    def register_death(self, pipeline: Any = None) -> None:
        # Redis may stop, or have been emptied: that must not take the place of why this one ends.
        with suppress(RedisError, SchedulerNotFound):
            super().register_death(pipeline)


def main() -> int:
    """Wait until the lock is free, schedule while holding it, begin again when it is lost or Redis goes away."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # RQ reads cron lines in the process's own zone.
    os.environ["TZ"] = str(PORTAL_ZONE)
    time.tzset()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    connection = Redis.from_url(load_settings().redis_url, socket_timeout=10)
    # All of it stays to the end, and is not looked through for garbage then.
    gc.freeze()
    try:
        while True:
            _schedule(connection)
            time.sleep(STEP)
    except StopRequested:
        return 0


def _stop(signum: int, frame: object) -> None:
    raise StopRequested


def _schedule(connection: Redis) -> None:
    lock = Lock(connection)
    try:
        if lock.take():
            log.info("at work")
            _run(Scheduler(connection, lock), lock)
    except LockLost:
        log.warning("the lock is lost: another scheduler has it, or the queue was emptied")
    except RedisError as error:
        log.warning("queue away: %s", type(error).__name__)


def _run(scheduler: Scheduler, lock: Lock) -> None:
    """RQ's own loop swallows the stop signal, so whether one came is asked of the scheduler."""
    try:
        scheduler.start()  # type: ignore[no-untyped-call]
    finally:
        with suppress(RedisError):
            lock.release()
    raise StopRequested


if __name__ == "__main__":
    sys.exit(main())
