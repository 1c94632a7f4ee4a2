"""Starts Jieding on one machine: database, queue, web, worker and scheduler, and stops them in order."""
