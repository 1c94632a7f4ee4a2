"""One package per role. Every package has ``register(app)``, called by create_app."""
