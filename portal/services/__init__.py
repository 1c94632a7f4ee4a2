"""Commands: lock, load, decide, record. Keyword-only; they take the actor, read the clock after their lock, never commit."""
