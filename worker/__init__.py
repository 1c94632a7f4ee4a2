"""The worker: records what time has done, prints, tells and seals. It decides nothing; it may run twice, late, or be killed."""

import gc

# What a process loads at its start stays: to look through it for garbage again and again costs a third of the start.
gc.set_threshold(50_000, 20, 100)
