"""Where the program starts: an interrupt is one line from the first moment to the last."""

import os
import signal


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        hears = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
        if hears:
            signal.signal(signal.SIGINT, _end_at_once)
        from cnnviz.cli.main import main as run_command_line  # takes a tenth of a second

        if hears:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return run_command_line()
    except KeyboardInterrupt:  # a second one, while the first was being dealt with
        _end_at_once(signal.SIGINT)
        raise
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # there is nothing left to end


def _end_at_once(number: int, frame: object = None) -> None:
    try:
        os.write(2, b"Error: interrupted; nothing was left behind\n")
    finally:
        os._exit(128 + number)
