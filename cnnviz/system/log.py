"""What cnnviz says about its work: warnings to everybody, the rest to those who ask."""

from __future__ import annotations

import logging

from cnnviz.system.streams import say


class _StderrHandler(logging.Handler):
    """Prints on what is stderr at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a message."""
        say(self.format(record))


def show_log(level: int) -> None:
    """Print on stderr what cnnviz logs from a level on, and nobody else's log.

    The handler is cnnviz's own: Manim puts one on the root logger when it is imported, and that
    prints on stdout, among results.
    """
    logger = logging.getLogger("cnnviz")
    logger.setLevel(level)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(_StderrHandler())


def log_level() -> int:
    """Return the level from which on cnnviz's log is shown."""
    return logging.getLogger("cnnviz").getEffectiveLevel()
