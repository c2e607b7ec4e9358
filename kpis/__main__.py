"""`python -m kpis COMMAND`."""

import sys

from kpis.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
