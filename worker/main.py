"""``python -m worker.main``: works the queue until it is told to stop; any number may run."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

from redis.exceptions import RedisError
from rq import Worker

from portal.documents.printing import prepare
from portal.jobs import QUEUES
from worker.context import application

log = logging.getLogger("worker")

#: Seconds after which a worker that has not been heard of counts as gone; it is heard of at least every 45.
TTL = 60
#: Seconds between two looks for jobs whose worker was killed, and between two tries to reach Redis.
MAINTENANCE = 60
RETRY_SECONDS = 3


class QueueWorker(Worker):
    """An RQ worker that knows why it ended: because it was asked to, or because Redis went away."""

    asked_to_stop = False

    def request_stop(self, signum: int, frame: Any) -> None:
        type(self).asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def main() -> int:
    """Load what every job needs, then fork one process per job. Comes back to the queue after Redis was away."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    app = application()
    # Before the fork, so that no job has to do it again; about a second.
    prepare()
    while not QueueWorker.asked_to_stop:
        _work(app.extensions["redis"])
    return 0


def _work(connection: Any) -> None:
    try:
        worker = QueueWorker(list(QUEUES), connection=connection, worker_ttl=TTL, maintenance_interval=MAINTENANCE)
        worker.log_job_description = False
        worker.work(with_scheduler=True)
    except RedisError as error:
        log.warning("queue away: %s", type(error).__name__)
    if not QueueWorker.asked_to_stop:
        time.sleep(RETRY_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
