"""How the web server runs, here and in production: gunicorn --config launcher/gunicorn.conf.py --bind ADDRESS wsgi:app"""

import gc
from collections.abc import Iterable
from typing import Any

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
graceful_timeout = 8
control_socket_disable = True

# What is loaded at the start stays: to look through it for garbage again and again costs a quarter of the start.
gc.set_threshold(50_000, 20, 100)


def post_worker_init(worker: Any) -> None:
    """After the fork: a thread of this worker hands in documents from here on (portal/hand_in.py)."""
    for hand_in in _hand_in(worker):
        hand_in.gather()


def worker_exit(_server: Any, worker: Any) -> None:
    """What the worker has in hand is sent before it ends."""
    for hand_in in _hand_in(worker):
        hand_in.finish()


def _hand_in(worker: Any) -> Iterable[Any]:
    """The portal has one, another application none."""
    return filter(None, [getattr(getattr(worker, "wsgi", None), "extensions", {}).get("hand_in")])


def when_ready(_server: Any) -> None:
    """Before the workers fork: what is loaded by now stays. The workers share its memory, and end without searching
    hundreds of thousands of objects for garbage, which took them seconds."""
    # Found only once the server has gone to the application's folder.
    from portal.rules import pinyin

    pinyin.load()
    gc.freeze()
