"""Photos that come with cnnviz: SOURCES.txt names authors and terms."""

from importlib.resources import files
from pathlib import Path


def bundled_photo(name: str = "cat") -> Path:
    """Return the file of a bundled photo.

    Parameters
    ----------
    name
        ``"cat"``, ``"espresso"``, or ``"digit"``.
    """
    return Path(str(files(__name__) / f"{name}.jpg"))
