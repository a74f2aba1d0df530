"""``python -m chatapp`` is the command ``chatapp``."""

import sys

from chatapp.cli import main

sys.exit(main())
