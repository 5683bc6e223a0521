"""The pictures of an encoded film, one by one."""

from __future__ import annotations

from collections.abc import Iterator

import av

from cnnviz.rendering.encoded_film import EncodedFilm
from cnnviz.rendering.media_files import libav_name


def decoded_frames(film: EncodedFilm) -> Iterator[av.VideoFrame]:
    """Yield a film's frames in order, numbered from 0 by their ``pts``."""
    number = 0
    for path in film.segments:
        with av.open(libav_name(path)) as segment:
            for frame in segment.decode(video=0):
                frame.pts = number
                number += 1
                yield frame
