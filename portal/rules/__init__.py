"""The book of law: frozen facts in, decisions out. No clock, no database, no Flask in this room."""
