"""``python -m worker.main``: works the queues until it is told to stop; any number may run.

``python -m worker.main long`` works only what takes minutes, so that nothing short waits behind it.
"""

from __future__ import annotations

import gc
import logging
import sys
import time
from typing import Any

from redis.exceptions import RedisError
from rq import Worker

from portal.documents.printing import prepare
from portal.jobs import BACKLOG_QUEUE, LONG_QUEUE, PERIODIC_QUEUE, PROMPT_QUEUE, QUEUE
from portal.rules import pinyin
from worker.context import application

log = logging.getLogger("worker")

#: Seconds after which a worker that has not been heard of counts as gone; it is heard of at least every 45.
TTL = 60
#: Seconds between two looks for jobs whose worker was killed, and between two tries to reach Redis.
MAINTENANCE = 60
RETRY_SECONDS = 3


#: What a worker looks at, by its argument, in this order.
WORKS = {"": (PROMPT_QUEUE, PERIODIC_QUEUE, QUEUE, BACKLOG_QUEUE), "long": (LONG_QUEUE,)}


class QueueWorker(Worker):
    """An RQ worker that knows why it ended: because it was asked to, or because Redis went away."""

    asked_to_stop = False

    def request_stop(self, signum: int, frame: Any) -> None:
        type(self).asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def main(kind: str = "") -> int:
    """Load what the jobs need, then fork one process per job. Comes back to the queue after Redis was away.

    Raises KeyError for a kind that is not in WORKS.
    """
    queues = WORKS[kind]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    app = application()
    if QUEUE in queues:
        # Before the fork, so that no job has to do it again; about a second.
        prepare()
        pinyin.load()
    # The jobs' processes share what is loaded by now, and nobody looks through it for garbage, least of all at the end.
    gc.freeze()
    while not QueueWorker.asked_to_stop:
        _work(app.extensions["redis"], queues)
    return 0


def _work(connection: Any, queues: tuple[str, ...]) -> None:
    try:
        worker = QueueWorker(list(queues), connection=connection, worker_ttl=TTL, maintenance_interval=MAINTENANCE)
        worker.log_job_description = False
        worker.work(with_scheduler=True)
    except RedisError as error:
        log.warning("queue away: %s", type(error).__name__)
    if not QueueWorker.asked_to_stop:
        time.sleep(RETRY_SECONDS)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
