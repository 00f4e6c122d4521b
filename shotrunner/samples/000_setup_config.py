"""Write sr.config: run this first."""

import sys

from shotrunner.setup import main

sys.exit(main(sys.argv[1:]))
