"""Which of the processor's instructions x264 uses."""

from pathlib import Path

import av
import numpy as np
import pytest

from cnnviz.rendering.codecs import CODECS
from cnnviz.rendering.x264 import PARAMETERS, PROCESSORS, with_fastest_instructions

OPTIONS = {"preset": "ultrafast", PARAMETERS: "keyint=7"}


def told(tmp_path: Path, vendor: str, flags: str) -> Path:
    """Return a file like Linux's about a processor."""
    file = tmp_path / "cpuinfo"
    file.write_text(f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: fpu {flags} sse2\n")
    return file


def test_takes_avx2_on_intels_processors_with_avx512(tmp_path: Path) -> None:
    processors = told(tmp_path, "GenuineIntel", "avx2 avx512f")
    wanted = {"preset": "ultrafast", PARAMETERS: "keyint=7:asm=avx2"}
    assert with_fastest_instructions(OPTIONS, processors) == wanted


@pytest.mark.parametrize(
    ("vendor", "flags"),
    [
        ("GenuineIntel", "avx2"),
        ("GenuineIntel", "avx512f"),
        ("GenuineIntel", ""),
        ("AuthenticAMD", "avx2 avx512f"),
    ],
)
def test_leaves_other_processors_to_x264(tmp_path: Path, vendor: str, flags: str) -> None:
    assert with_fastest_instructions(OPTIONS, told(tmp_path, vendor, flags)) == OPTIONS


def test_leaves_the_choice_to_x264_where_the_system_tells_nothing(tmp_path: Path) -> None:
    assert with_fastest_instructions(OPTIONS, tmp_path / "none") == OPTIONS


def encoded(parameters: str) -> bytes:
    """Return noise that moves, encoded as films are but for x264's parameters."""
    codec = CODECS["default"]
    context = av.CodecContext.create(codec.encoder, "w")
    context.width, context.height, context.pix_fmt = 160, 96, codec.pixel_format
    context.framerate = 30
    context.options = {**codec.options, PARAMETERS: parameters}
    noise = np.random.default_rng(0).integers(0, 256, (96, 160, 3), np.uint8)
    frames = [np.roll(noise // (1 + step % 3), step, axis=1) for step in range(20)]
    packets = [
        packet
        for pixels in frames
        for packet in context.encode(av.VideoFrame.from_ndarray(pixels).reformat(format="yuv420p"))
    ]
    return b"".join(map(bytes, [*packets, *context.encode(None)]))


@pytest.mark.skipif(
    not PROCESSORS.exists() or "avx2" not in PROCESSORS.read_text(encoding="utf-8").split(),
    reason="needs a processor with AVX2",
)
def test_a_film_is_the_same_whichever_instructions_are_used() -> None:
    parameters = CODECS["default"].options[PARAMETERS]
    assert encoded(f"{parameters}:asm=avx2") == encoded(parameters)
