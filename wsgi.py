"""The application as a WSGI server finds it."""

from portal import create_app

app = create_app()
