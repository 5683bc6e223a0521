"""Animated WebP: smaller than GIF, in all colours, and with transparency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, unescape

import av

from cnnviz.publishing.formats.animated_image import AnimatedImageFormat
from cnnviz.publishing.formats.fitting import EncodingChoice, encoding_choices
from cnnviz.publishing.formats.frames import decoded_frames
from cnnviz.publishing.formats.shown_pictures import ShownPicture
from cnnviz.publishing.formats.shrinking import Shrinker
from cnnviz.rendering.encoded_film import EncodedFilm
from cnnviz.rendering.media_files import libav_name

HAS_XMP = 0x04
"""Flag of the extended header (VP8X): https://developers.google.com/speed/webp/docs/riff_container"""

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
    '<rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description></rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)
"""What holds a description in XMP."""


@dataclass(frozen=True)
class WebpFormat(AnimatedImageFormat):
    """Animated WebP, played again and again."""

    choices = encoding_choices((90, 75, 75, 75, 70, 70, 50, 50, 40))
    metadata_key = "xmp"

    def record_in(self, metadata: bytes) -> str | None:
        """Return the description in the file's XMP."""
        before, after = (part.encode() for part in XMP.split("{}"))
        is_ours = metadata.startswith(before) and metadata.endswith(after)
        text = metadata.removeprefix(before).removesuffix(after)
        return unescape(text.decode(errors="replace")) if is_ours else None

    def encoded_pictures(self, content: bytes) -> Iterator[ShownPicture]:
        """Give the pictures in a file's content, as they are encoded."""
        return encoded_pictures(content)

    def encode(self, film: EncodedFilm, record: str, choice: EncodingChoice, output: Path) -> None:
        """Write a film in one of the ways."""
        shrinker = Shrinker.of(film, choice, "bgra")
        with av.open(libav_name(output), "w", format="webp", options={"loop": "0"}) as file:
            options = {"quality": str(choice.quality), "compression_level": "3"}
            stream = file.add_stream("libwebp_anim", rate=shrinker.frame_rate, options=options)
            stream.width, stream.height = shrinker.size
            stream.pix_fmt = "bgra"
            for frame in shrinker.shrink(decoded_frames(film)):
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        output.write_bytes(with_description(output.read_bytes(), record))


WEBP = WebpFormat(
    "webp",
    "WebP",
    ".webp",
    {"default": "lossless"},
    alpha_codec="lossless",
    has_limit=True,
    usual_frame_rate=20,
    usual_side=960,
    mime_type="image/webp",
)


def with_description(webp: bytes, text: str) -> bytes:
    """Return a WebP in the extended format that has a description in XMP.

    Parameters
    ----------
    webp
        The file: chunks of four letters, a length, and content filled up to an even length.
    text
        What the description says.
    """
    if webp[12:16] != b"VP8X":  # a single picture in the simple format has no room for it
        return webp
    xmp = XMP.format(escape(text)).encode()
    chunk = b"XMP " + len(xmp).to_bytes(4, "little") + xmp + b"\x00" * (len(xmp) % 2)
    flags = bytes([webp[20] | HAS_XMP])
    content = webp[8:20] + flags + webp[21:] + chunk
    return b"RIFF" + len(content).to_bytes(4, "little") + content


def encoded_pictures(webp: bytes) -> Iterator[ShownPicture]:
    """Give the pictures of a WebP as they are encoded: one, or those of an animation.

    Raises
    ------
    IndexError
        If the file ends too soon.
    """
    place, start = 12, 0
    while place < len(webp):
        name, size = webp[place : place + 4], int.from_bytes(webp[place + 4 : place + 8], "little")
        content = webp[place + 8 : place + 8 + size]
        if len(content) < size:
            raise IndexError("it ends too soon")
        if name in (b"ANMF", b"ALPH", b"VP8 ", b"VP8L"):
            yield ShownPicture(start, name + content)
            start += int.from_bytes(content[12:15], "little") if name == b"ANMF" else 0
        place += 8 + size + size % 2
