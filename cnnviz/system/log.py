"""What cnnviz says about its work to those who ask: ``--verbose``."""

from __future__ import annotations

import logging
import sys


def hide_log() -> None:
    """Print only warnings: once Manim is imported, it would print all the rest on stdout."""
    logging.getLogger("cnnviz").setLevel(logging.WARNING)


def show_log(level: int = logging.INFO) -> None:
    """Print on stderr what cnnviz logs from a level on, and nobody else's log.

    The handler is cnnviz's own: Manim puts one on the root logger when it is imported.
    """
    logger = logging.getLogger("cnnviz")
    logger.setLevel(level)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler(sys.stderr))


def log_level() -> int:
    """Return the level from which on cnnviz's log is shown."""
    return logging.getLogger("cnnviz").getEffectiveLevel()
