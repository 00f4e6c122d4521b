"""``python -m zou_server`` is ``zou-server``."""

from zou_server.cli import main

if __name__ == "__main__":
    main(prog_name="zou-server")
