"""Folders of pictures: which files in them are photos to look at."""

from __future__ import annotations

from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.publishing.film_file import is_own_film
from cnnviz.publishing.pictures import is_own_picture
from cnnviz.system.image_formats import picture_endings


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures in a folder by name: the files whose endings Pillow can read.

    Posters and stills that cnnviz has written there are no pictures to look at, and neither are
    its films that are pictures, such as GIF.

    Raises
    ------
    UserError
        If there is none, or the folder cannot be read.
    """
    known = picture_endings()
    try:
        pictures = sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in known
            and path.is_file()
            and not path.name.startswith(".")
            and not is_own_picture(path)
            and not is_own_film(path)
        )
    except OSError as error:
        raise UserError(f'cannot read the folder "{folder}": {error.strerror}') from None
    if not pictures:
        raise UserError(f'there is no picture in the folder "{folder}"')
    return pictures
