"""The jobs, one noun per file. Arguments are ids; each job finds out from the database what is still to be done."""
