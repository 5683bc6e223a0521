"""GIF: for places that play nothing else; 256 colours of the film's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
from av.filter import Graph
from av.filter.context import FilterContext

from cnnviz.publishing.formats.animated_image import AnimatedImageFormat
from cnnviz.publishing.formats.fitting import EncodingChoice, encoding_choices
from cnnviz.publishing.formats.frames import decoded_frames
from cnnviz.publishing.formats.shown_pictures import ShownPicture
from cnnviz.publishing.formats.shrinking import Shrinker
from cnnviz.rendering.encoded_film import EncodedFilm
from cnnviz.rendering.media_files import libav_name

SCREEN = 13
"""Bytes of header and logical screen descriptor, whose flags stand three before the end."""

DESCRIPTOR = 10
"""Bytes of an image descriptor, whose flags are the last one."""

EXTENSION, CONTROL, TRAILER = 0x21, 0xF9, 0x3B


@dataclass(frozen=True)
class GifFormat(AnimatedImageFormat):
    """Animated GIF, with one palette for the whole film, so that nothing flickers."""

    choices = encoding_choices((256, 128, 128, 128, 128, 128, 64, 64, 32))
    metadata_key = "comment"

    def record_in(self, metadata: bytes) -> str | None:
        """Return the file's comment."""
        return bytes(metadata).decode(errors="replace") or None

    def encoded_pictures(self, content: bytes) -> Iterator[ShownPicture]:
        """Give the pictures in a file's content, as they are encoded."""
        return encoded_pictures(content)

    def encode(self, film: EncodedFilm, record: str, choice: EncodingChoice, output: Path) -> None:
        """Write a film in one of the ways."""
        shrinker = Shrinker.of(film, choice, "rgba")
        painter = _Painter(shrinker, _palette_of(film, shrinker, choice.quality))
        with av.open(libav_name(output), "w", format="gif") as file:
            stream = file.add_stream("gif", rate=shrinker.frame_rate)
            stream.width, stream.height = shrinker.size
            stream.pix_fmt = "pal8"
            for frame in painter.paint(shrinker.shrink(decoded_frames(film))):
                frame.time_base = 1 / shrinker.frame_rate
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        output.write_bytes(with_comment(output.read_bytes(), record.encode()))


GIF = GifFormat(
    "gif",
    "GIF",
    ".gif",
    {"default": "lossless"},
    has_limit=True,
    usual_frame_rate=20,
    usual_side=960,
    mime_type="image/gif",
)


def _palette_of(film: EncodedFilm, shrinker: Shrinker, colours: int) -> av.VideoFrame:
    """Return the palette that suits all of a film, as a picture of 16x16 pixels."""
    graph = Graph()
    source = _source(graph, shrinker)
    # The transparent colour is for what stays as it was in the picture before.
    generator = graph.add("palettegen", f"max_colors={colours}:reserve_transparent=1")
    sink = graph.add("buffersink")
    source.link_to(generator)
    generator.link_to(sink)
    graph.configure()
    for frame in shrinker.shrink(decoded_frames(film)):
        source.push(frame)
    source.push(None)
    return cast("av.VideoFrame", sink.pull())


class _Painter:
    """Paints pictures with the colours of a palette."""

    def __init__(self, shrinker: Shrinker, palette: av.VideoFrame) -> None:
        graph = self._graph = Graph()  # what is in it does not keep it alive
        self._pictures = _source(graph, shrinker)
        colours = graph.add_buffer(
            width=palette.width,
            height=palette.height,
            format=palette.format,
            time_base=1 / shrinker.frame_rate,
        )
        # Without dithering areas of one colour stay so, and take little.
        use = graph.add("paletteuse", "dither=none:diff_mode=rectangle")
        self._sink = graph.add("buffersink")
        self._pictures.link_to(use, 0, 0)
        colours.link_to(use, 0, 1)
        use.link_to(self._sink)
        graph.configure()
        palette.pts, palette.time_base = 0, 1 / shrinker.frame_rate
        colours.push(palette)
        colours.push(None)

    def paint(self, frames: Iterable[av.VideoFrame]) -> Iterator[av.VideoFrame]:
        """Yield the painted pictures."""
        for frame in frames:
            self._pictures.push(frame)
            yield from self._finished()
        self._pictures.push(None)
        yield from self._finished()

    def _finished(self) -> Iterator[av.VideoFrame]:
        while True:
            try:
                yield cast("av.VideoFrame", self._sink.pull())
            except (BlockingIOError, EOFError):
                return


def _source(graph: Graph, shrinker: Shrinker) -> FilterContext:
    width, height = shrinker.size
    return graph.add_buffer(
        width=width,
        height=height,
        format=av.VideoFormat(shrinker.pixel_format),
        time_base=1 / shrinker.frame_rate,
    )


def with_comment(gif: bytes, text: bytes) -> bytes:
    """Return a GIF that has a comment before its first picture.

    Parameters
    ----------
    gif
        The file: see the GIF89a specification, sections 17 to 19 (header and palette) and 24
        (comments).
    text
        What the comment says; blocks of at most 255 bytes hold it.
    """
    start = SCREEN + _palette_size(gif[SCREEN - 3])
    blocks = (text[place : place + 255] for place in range(0, len(text), 255))
    held = b"".join(bytes([len(block)]) + block for block in blocks)
    return gif[:start] + b"\x21\xfe" + held + b"\x00" + gif[start:]


def encoded_pictures(gif: bytes) -> Iterator[ShownPicture]:
    """Give the pictures of a GIF as they are encoded, each with the palette of all.

    Raises
    ------
    IndexError
        If the file ends too soon.
    """
    place = SCREEN + _palette_size(gif[SCREEN - 3])
    palette, control, start = gif[SCREEN:place], b"", 0
    while gif[place] != TRAILER:
        begin = place
        if gif[place] == EXTENSION:
            place = _after_blocks(gif, place + 2)
            if gif[begin + 1] == CONTROL:
                control = gif[begin:place]
        else:
            tables = DESCRIPTOR + _palette_size(gif[begin + DESCRIPTOR - 1])
            place = _after_blocks(gif, begin + tables + 1)
            yield ShownPicture(start, palette + control + gif[begin:place])
            start += 10 * int.from_bytes(control[4:6], "little")
            control = b""


def _palette_size(flags: int) -> int:
    """Return the bytes of the palette that follows flags."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(gif: bytes, place: int) -> int:
    """Return where blocks end, each of which says its length first, the last one 0."""
    while gif[place]:
        place += 1 + gif[place]
    return place + 1
