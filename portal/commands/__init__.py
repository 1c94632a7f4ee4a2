"""Commands of the operator's shell. Every module has ``register(app)``, called by create_app."""
