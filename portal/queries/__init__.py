"""Reads for screens, scoped by who asks. Nothing here changes anything."""
