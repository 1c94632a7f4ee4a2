"""The application as a WSGI server finds it, and the commands of ``flask``."""

import gc

# What is loaded here stays: looking through it for garbage takes a third of the start, and as long again at the end.
gc.set_threshold(50_000, 20, 100)

from portal import create_app  # noqa: E402

app = create_app()
gc.freeze()
