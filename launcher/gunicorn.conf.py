"""How the web server runs, here and in production: gunicorn --config launcher/gunicorn.conf.py --bind ADDRESS wsgi:app"""

import gc
from typing import Any

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
graceful_timeout = 8
control_socket_disable = True

# What is loaded at the start stays: to look through it for garbage again and again costs a quarter of the start.
gc.set_threshold(50_000, 20, 100)


def when_ready(_server: Any) -> None:
    """Before the workers fork: what is loaded by now stays. The workers share its memory, and end without searching
    hundreds of thousands of objects for garbage, which took them seconds."""
    gc.freeze()
