"""How a lecture begins and ends: the photo, the contents, what the network says."""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.mobjects.frames import with_border
from cnnviz.mobjects.heat_map import Photo
from cnnviz.mobjects.maps import fitted_size
from cnnviz.mobjects.text import Label, line_width
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

PHOTO_SHARE = 0.92
"""The photo's longer side, as a share of its zone's shorter one."""

LINE_STEP = 2.1
"""From one line of the contents to the next, in font sizes."""

INDENT = 1.4
"""From a chapter's number to its title, in font sizes."""


def lecture_photo(trace: Trace, zone: Zone, theme: Theme) -> Photo:
    """Return the photo, as large as a zone allows, with its border."""
    side = PHOTO_SHARE * min(zone.width, zone.height)
    photo = Photo(trace.photo, *fitted_size(trace.picture.shape[1:], side))
    return with_border(photo.move_to(zone.centre), theme)


class TableOfContents:
    """The titles of all chapters, numbered, one below the other."""

    def __init__(self, titles: Sequence[str], zone: Zone, theme: Theme) -> None:
        size, palette = theme.sizes.number, theme.palette
        step = min(LINE_STEP * size / 72, zone.height / max(len(titles), 1))
        longest = INDENT + max(line_width(title, 72) for title in titles)
        size = min(size, max(theme.sizes.label, step * 72 / LINE_STEP), 72 * zone.width / longest)
        top = zone.y + step * (len(titles) - 1) / 2
        indent = INDENT * size / 72
        self.lines: list[list[Label]] = []
        for index, title in enumerate(titles):
            number = Label(str(index + 1), size, palette.text_muted, weight=600, anchor="left")
            text = Label(title, size, palette.text, anchor="left")
            y = top - index * step
            number.move_to(point(zone.left + number.width / 2, y))
            text.move_to(point(zone.left + indent + text.width / 2, y))
            self.lines.append([number, text])
