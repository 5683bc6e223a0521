"""Films in all formats, small, made without a scene, and read by other programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.stream import Disposition
from PIL import Image

from cnnviz.errors import UserError
from cnnviz.mobjects.viewport import Box
from cnnviz.publishing.format_names import FORMAT_NAMES
from cnnviz.publishing.formats import FORMATS, agreed_format, codec_for, format_named, format_of
from cnnviz.publishing.formats.base import Contents
from cnnviz.publishing.formats.fitting import SIZES, EncodingChoice, encoding_choices, write_fitting
from cnnviz.rendering.encoded_film import EncodedFilm
from cnnviz.rendering.encoder import Encoder, EncoderProcess
from cnnviz.rendering.film_cache import encoded_film
from cnnviz.rendering.frame_sink import FrameRun
from cnnviz.rendering.joining import CaptionTrack, Cue
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.timing import FilmTiming, SectionTiming

WIDTH, HEIGHT, RATE, COUNT = 128, 64, 10, 12

TIMING = FilmTiming(
    RATE, (SectionTiming("one", 0, 7, "One"), SectionTiming("two", 7, COUNT - 7, "Two"))
)

RECORD = '{"command":"cnnviz render conv","title":"<script> & \\u2014 --> x"}' + " " * 600

CONTENTS = Contents(
    "A film",
    RECORD,
    CaptionTrack("eng", [Cue(0, 400, "First"), Cue(500, 900, "第二")], is_shown=True),
)

Pixels = npt.NDArray[np.uint8]


def picture(number: int, *, is_transparent: bool) -> Pixels:
    """Return a frame as Cairo leaves it: a moving disc with soft edges, half as opaque below."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.hypot(x - 24 - 6 * number, y - 32)
    alpha = np.clip(20.5 - distance, 0, 1) * np.where(y < 32, 1.0, 0.5)
    colour = np.array([250, 180, 40])
    ground = np.array([0, 0, 0] if is_transparent else [14, 17, 23])
    mixed = alpha[..., None] * colour + (1 - alpha[..., None]) * ground
    opacity = 255 * alpha if is_transparent else np.full_like(alpha, 255)
    return np.rint(np.dstack([mixed, opacity])).astype(np.uint8)


@pytest.fixture(scope="module")
def encode(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., EncodedFilm]:
    """Return a function that encodes the film's two sections in one of the ways, once."""
    made: dict[str, EncodedFilm] = {}

    def run(codec: str, *, is_transparent: bool = False) -> EncodedFilm:
        if codec + str(is_transparent) in made:
            return made[codec + str(is_transparent)]
        folder = tmp_path_factory.mktemp("film")
        settings = FilmSettings(WIDTH, HEIGHT, RATE, codec, is_transparent=is_transparent)
        whole = Box(0, 0, WIDTH, HEIGHT)
        with EncoderProcess(settings) as process:
            encoder = Encoder(process, folder, None, Profile())
            for number in range(COUNT):
                section = int(number >= TIMING.sections[0].frame_count)
                pixels = picture(number, is_transparent=is_transparent)
                encoder.show(FrameRun(number, 1, section), pixels, [whole])
            encoder.finish()
        made[codec + str(is_transparent)] = encoded_film(folder, [0, 1], TIMING, settings)
        return made[codec + str(is_transparent)]

    return run


def read(path: Path, decoder: str | None = None) -> list[Pixels]:
    """Return a film's frames, RGBA of shape (height, width, 4)."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        if decoder is None:
            frames = list(film.decode(stream))
        else:
            context = av.CodecContext.create(decoder, "r")
            context.extradata = stream.codec_context.extradata
            frames = [frame for packet in film.demux(stream) for frame in context.decode(packet)]
        return [frame.to_ndarray(format="rgba") for frame in frames]


@pytest.mark.parametrize(
    ("name", "encode_name", "codec", "pixel_format"),
    [
        ("mp4", "default", "h264", "yuv420p"),
        ("mp4", "small", "h264", "yuv420p"),
        ("mp4", "av1", "libdav1d", "yuv420p"),
        ("webm", "default", "vp9", "yuv420p"),
        ("webm", "small", "vp9", "yuv420p"),
    ],
)
def test_containers_are_what_players_expect(
    encode: Callable[..., EncodedFilm],
    tmp_path: Path,
    name: str,
    encode_name: str,
    codec: str,
    pixel_format: str,
) -> None:
    chosen = format_named(name)
    path = tmp_path / f"film{chosen.suffix}"
    chosen.write(encode(codec_for(chosen, encode_name, is_transparent=False)), path, CONTENTS)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == (codec, pixel_format)
        assert stream.average_rate == RATE
        titles = [each["metadata"]["title"] for each in film.chapters()]
        starts = [float(each["start"] * each["time_base"]) for each in film.chapters()]
        decoded = list(film.decode(0))
        languages = [each.metadata["language"] for each in film.streams.subtitles]
        assert film.metadata["title"] == "A film"
    assert titles == ["One", "Two"]
    assert starts == pytest.approx([0, 0.7], abs=1e-3)
    times = [float(frame.pts * frame.time_base) for frame in decoded]
    assert times == pytest.approx(np.arange(COUNT) / RATE, abs=2e-3)
    assert languages == (["eng"] if chosen.holds_captions else [])
    for number in (0, COUNT - 1):  # the disc is where it was drawn
        frame = decoded[number].to_ndarray(format="rgb24")
        difference = frame - picture(number, is_transparent=False)[..., :3].astype(float)
        assert np.sqrt((difference**2).mean()) < 12
    assert chosen.read_record(path) == RECORD


@pytest.mark.parametrize(("name", "codec", "head"), [("mp4", "mov_text", 2), ("webm", "webvtt", 0)])
def test_captions_in_the_file_are_those_that_were_given(
    encode: Callable[..., EncodedFilm], tmp_path: Path, name: str, codec: str, head: int
) -> None:
    path = tmp_path / f"film.{name}"
    chosen = format_named(name)
    chosen.write(encode(codec_for(chosen, "default", is_transparent=False)), path, CONTENTS)
    with av.open(str(path)) as film:
        stream = film.streams.subtitles[0]
        assert stream.codec_context.name == codec
        assert stream.disposition & Disposition.default
        texts = [
            (round(1000 * packet.pts * stream.time_base), bytes(packet)[head:].decode())
            for packet in film.demux(stream)
            if packet.pts is not None and packet.size > head
        ]
    assert texts == [(0, "First"), (500, "第二")]


@pytest.mark.parametrize(
    ("name", "decoder", "tolerance"), [("mov", None, 4), ("webm", "libvpx-vp9", 12)]
)
def test_a_transparent_film_lies_over_any_ground(
    encode: Callable[..., EncodedFilm],
    tmp_path: Path,
    name: str,
    decoder: str | None,
    tolerance: float,
) -> None:
    chosen = format_named(name)
    path = tmp_path / f"film{chosen.suffix}"
    chosen.write(
        encode(codec_for(chosen, "default", is_transparent=True), is_transparent=True),
        path,
        CONTENTS,
    )
    frames = read(path, decoder)
    assert len(frames) == COUNT
    for number in (0, 5, COUNT - 1):
        drawn = picture(number, is_transparent=True).astype(float)
        for ground in ([0, 0, 0], [255, 255, 255], [30, 140, 60]):
            alpha = frames[number][..., 3:] / 255
            over = frames[number][..., :3] * alpha + np.array(ground) * (1 - alpha)
            wanted = drawn[..., :3] + np.array(ground) * (1 - drawn[..., 3:] / 255)
            assert np.sqrt(((over - wanted) ** 2).mean()) < tolerance
    assert (frames[0][:, -20:, 3] <= 2).all()  # truly nothing there
    assert chosen.read_record(path) == RECORD


def test_a_sequence_has_every_frame_without_loss(
    encode: Callable[..., EncodedFilm], tmp_path: Path
) -> None:
    for is_transparent, mode in ((False, "RGB"), (True, "RGBA")):
        folder = tmp_path / f"{mode}.frames"
        folder.touch()  # as a file that is being written is there beforehand
        format_named("png").write(
            encode("lossless", is_transparent=is_transparent), folder, CONTENTS
        )
        paths = sorted(folder.iterdir())
        assert [path.name for path in paths] == [f"{number:06}.png" for number in range(COUNT)]
        with Image.open(paths[5]) as frame:
            assert frame.mode == mode
            pixels = np.asarray(frame.convert("RGBA")).astype(float)
        pixels[..., :3] *= pixels[..., 3:] / 255
        assert abs(pixels - picture(5, is_transparent=is_transparent)).max() <= 1


@pytest.mark.parametrize("name", ["gif", "webp"])
def test_animations_play_for_ever_and_as_long_as_the_film(
    encode: Callable[..., EncodedFilm], tmp_path: Path, name: str
) -> None:
    chosen = format_named(name)
    path = tmp_path / f"film{chosen.suffix}"
    chosen.write(encode("lossless"), path, CONTENTS)
    with Image.open(path) as film:
        assert film.size == (WIDTH, HEIGHT)
        assert film.info["loop"] == 0
        length = 0
        for number in range(film.n_frames):
            film.seek(number)
            film.load()
            length += film.info["duration"]
        assert length == 1000 * COUNT / RATE
        last = np.asarray(film.convert("RGB")).astype(float)
    assert np.sqrt(((last - picture(COUNT - 1, is_transparent=False)[..., :3]) ** 2).mean()) < 10
    assert chosen.read_record(path) == RECORD


def test_a_transparent_webp_is_transparent(
    encode: Callable[..., EncodedFilm], tmp_path: Path
) -> None:
    path = tmp_path / "film.webp"
    format_named("webp").write(encode("lossless", is_transparent=True), path, CONTENTS)
    with Image.open(path) as film:
        film.seek(0)
        alpha = np.asarray(film.convert("RGBA"))[..., 3].astype(float)
    assert abs(alpha - picture(0, is_transparent=True)[..., 3]).mean() < 2


@pytest.mark.parametrize("name", ["gif", "webp"])
def test_a_film_is_made_to_fit(
    encode: Callable[..., EncodedFilm], tmp_path: Path, name: str
) -> None:
    chosen = format_named(name)
    path = tmp_path / f"film{chosen.suffix}"
    chosen.write(encode("lossless"), path, Contents())
    size = path.stat().st_size
    chosen.write(encode("lossless"), path, Contents(max_bytes=size))
    assert path.stat().st_size == size
    chosen.write(encode("lossless"), path, Contents(max_bytes=size - 100))
    assert path.stat().st_size <= size - 100
    with pytest.raises(UserError, match=r"the film takes at least .* MB, more than 0\.0001"):
        chosen.write(encode("lossless"), path, Contents(max_bytes=100))
    assert sorted(each.name for each in tmp_path.iterdir()) == [path.name]


@pytest.mark.parametrize("limit", range(11))
def test_the_first_step_that_fits_is_found_in_few_trials(tmp_path: Path, limit: int) -> None:
    choices = encoding_choices(range(len(SIZES), 0, -1))
    tried: list[EncodingChoice] = []

    def encode(step: EncodingChoice, path: Path) -> None:
        tried.append(step)
        path.write_bytes(b"x" * step.quality)

    if limit == 0:
        with pytest.raises(UserError):
            write_fitting(encode, choices, tmp_path / "film", limit)
    else:
        found = write_fitting(encode, choices, tmp_path / "film", limit)
        assert found.quality == min(limit, len(SIZES))
        assert (tmp_path / "film").stat().st_size == found.quality
    assert len(tried) <= 5
    assert not (tmp_path / "film.trial").exists()


@pytest.mark.parametrize(
    ("name", "encode_name", "is_transparent", "message"),
    [
        (
            "mp4",
            "default",
            True,
            "MP4 carries no transparency: choose an output that ends in",
        ),
        ("gif", "default", True, "GIF carries no transparency"),
        ("mov", "default", False, "QuickTime (ProRes 4444) is for transparent films"),
        ("webm", "av1", False, 'WebM has no encoding "av1": choose default, small'),
        ("webm", "small", True, "a transparent film has one encoding"),
    ],
)
def test_what_a_format_cannot_hold_is_one_line(
    name: str, encode_name: str, is_transparent: bool, message: str
) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        codec_for(format_named(name), encode_name, is_transparent=is_transparent)


def test_a_format_is_known_by_its_ending_and_by_its_name() -> None:
    assert tuple(known.name for known in FORMATS) == FORMAT_NAMES
    for known in FORMATS:
        assert format_of(Path(f"film{known.suffix.upper()}")) is known
        assert agreed_format(Path(f"film{known.suffix}"), known.name) is known
    with pytest.raises(UserError, match=r"ends in \.mp4, \.webm, \.mov, \.gif, \.webp or \.frames"):
        format_of(Path("film.avi"))
    with pytest.raises(UserError, match=r"but the format is gif: give a name that ends in \.gif"):
        agreed_format(Path("film.mp4"), "gif")
    with pytest.raises(UserError, match='no format "avi": choose mp4'):
        format_named("avi")


@pytest.mark.parametrize("name", ["mp4", "webm", "mov", "gif", "webp", "png"])
def test_what_is_no_film_says_nothing(tmp_path: Path, name: str) -> None:
    for content in (b"", b"GIF89a", b"RIFF\x04\0\0\0WEBP", b"x" * 100):
        path = tmp_path / "film"
        path.write_bytes(content)
        assert format_named(name).read_record(path) is None
