"""What the web processes load of the programs that draw."""

from __future__ import annotations

import subprocess
import sys


def test_what_reads_hostile_pictures_is_loaded_by_the_process_that_draws_alone() -> None:
    code = "import sys, zou_server.app; print('OpenImageIO' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")
