"""`python -m launcher`, which ./run execs once everything is installed."""

import sys

from launcher.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
