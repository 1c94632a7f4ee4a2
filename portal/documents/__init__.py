"""Documents: A4 PDF printed from plain values. Nothing here reads a model, a request, the database or the network."""
