"""What libraries take for granted of where they run: a home folder, a PATH, a working folder."""

from __future__ import annotations

import os

from cnnviz.errors import UserError
from cnnviz.system.home import home


def complete_environment() -> None:
    """Let libraries find a home folder that they may enter, and a PATH.

    A container that is run as another user often names a HOME that is closed to that user, where
    Manim looks for settings. What Manim imports looks for other programs along PATH.
    """
    os.environ["HOME"] = str(home()) if os.access(home(), os.X_OK) else "/"
    os.environ.setdefault("PATH", os.defpath)


def require_working_folder() -> None:
    """Raise a UserError in a folder in which nothing can be looked up, as Manim and torch do.

    It has been removed, or its user has lost the right to enter it.
    """
    try:
        folder = os.getcwd()
    except OSError:
        raise UserError("the working folder has been removed: cd to another one") from None
    if not os.access(".", os.X_OK):
        raise UserError(f'the working folder "{folder}" may not be entered: cd to another one')
