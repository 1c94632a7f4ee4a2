"""Demo data that tells a story: every screen has something real to show, made by the services themselves."""
