"""Where the command ``antiphon`` begins: before anything is imported that takes long enough for a Ctrl-C."""

import sys


def main() -> int:
    """Run the command line and return the exit code, also of an interrupt while it is being loaded."""
    try:
        from antiphon.cli import main as run_command_line

        return run_command_line()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
