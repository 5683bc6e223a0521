"""Whole films: real, small, and read back."""

import os
import signal

import av
import numpy as np
import psutil
import pytest
from manim import Scene, Square

from cnnviz.errors import UserError
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.encoder import Encoder, EncoderProcess
from cnnviz.rendering.film import RecordOptions, record_film, still_of_film, stills
from cnnviz.rendering.frame_sink import FrameRun
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import FilmSettings


def of(scene_class):
    return lambda renderer: scene_class(renderer=renderer)


def read(path):
    with av.open(str(path)) as film:
        return list(film.decode(video=0))


@pytest.mark.parametrize("encode", ["default", "small"])
def test_a_film_is_what_players_expect(stock_scene, tmp_path, encode):
    settings = FilmSettings(320, 180, 12, encode)
    path = tmp_path / "a film with späces.mp4"
    timing = record_film(of(stock_scene), settings, path)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.width, context.height) == (320, 180)
        colours = (context.color_primaries, context.color_trc, context.colorspace)
        assert colours == (1, 1, 1)  # BT.709
        assert context.color_range == 1  # limited
        assert stream.average_rate == 12
        assert stream.frames == timing.frame_count
        assert float(stream.duration * stream.time_base) == pytest.approx(timing.duration)
        chapters = film.chapters()
        packets = [packet for packet in film.demux(stream) if packet.dts is not None]
    assert [each["metadata"]["title"] for each in chapters] == ["axes", "shapes"]
    starts = [float(each["start"] * each["time_base"]) for each in chapters]
    assert starts == pytest.approx([0, timing.sections[1].first_frame / 12], abs=1e-3)
    decoding_times = [packet.dts for packet in packets]
    assert all(np.diff(decoding_times) > 0)
    frames = read(path)
    assert np.array_equal(
        np.diff([frame.pts for frame in frames]), [frames[1].pts] * (len(frames) - 1)
    )
    second = timing.sections[1].first_frame
    assert packets[0].is_keyframe
    assert frames[second].key_frame
    assert len(frames) == timing.frame_count


def test_the_index_comes_first(red_scene, settings, tmp_path):
    path = tmp_path / "red.mp4"
    record_film(of(red_scene), settings, path)
    content = path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    assert b"colr" in content


def test_colours_survive(red_scene, settings, tmp_path):
    record_film(of(red_scene), settings, tmp_path / "red.mp4")
    frame = read(tmp_path / "red.mp4")[7]
    luma, blue, red = (
        np.asarray(memoryview(plane)).reshape(-1, plane.line_size)[20, 20] for plane in frame.planes
    )
    y, u, v = (int(luma) - 16) / 219, (int(blue) - 128) / 224, (int(red) - 128) / 224
    rgb = (y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u)
    assert np.allclose(255 * np.array(rgb), (200, 40, 20), atol=3)


def test_frames_are_those_of_the_scene(map_scene, tmp_path):
    settings = FilmSettings(320, 180, 10)
    timing = record_film(of(map_scene), settings, tmp_path / "maps.mp4")
    drawn = stills(of(map_scene), settings, range(timing.frame_count))
    for frame, expected in zip(read(tmp_path / "maps.mp4"), drawn, strict=True):
        luma = np.asarray(memoryview(frame.planes[0])).reshape(180, -1)[:, :320].astype(float)
        weights = np.array([0.2126, 0.7152, 0.0722]) * 219 / 255
        error = luma - (16 + expected[..., :3] @ weights)
        assert np.sqrt((error**2).mean()) < 3


def test_progress_reaches_the_last_frame(stock_scene, settings, tmp_path):
    seen = []
    timing = record_film(
        of(stock_scene), settings, tmp_path / "film.mp4", RecordOptions(seen.append)
    )
    assert seen == sorted(seen)
    assert seen[-1] == timing.frame_count


def test_a_still_is_the_frame_shown_at_that_time(stock_scene, settings):
    frames = stills(of(stock_scene), settings, range(20))
    assert np.array_equal(still_of_film(of(stock_scene), settings, 1.25), frames[12])
    assert np.array_equal(still_of_film(of(stock_scene), settings, 0.7), frames[7])


def test_a_still_after_the_end_is_refused(red_scene, settings):
    with pytest.raises(UserError, match=r"1\.50 s long: nothing at 1\.50 s"):
        still_of_film(of(red_scene), settings, 1.5)


def test_a_scene_that_plays_nothing_is_refused(settings, tmp_path):
    class Nothing(Scene):
        def construct(self):
            self.add(Square())

    with pytest.raises(UserError, match="plays nothing"):
        record_film(of(Nothing), settings, tmp_path / "film.mp4")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_said_at_once(red_scene, settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UserError, match=r"cannot write .*film\.mp4"):
        record_film(of(red_scene), settings, tmp_path / "file" / "film.mp4")


def test_a_disk_that_cannot_be_written_is_said_in_one_line(settings, tmp_path):
    pixels = np.zeros((180, 320, 4), np.uint8)

    def encode():
        with EncoderProcess(settings) as process:
            encoder = Encoder(process, tmp_path / "gone", None, Profile())
            # It may be known by now.
            encoder.show(FrameRun(0, 1, 0), pixels, [Box(0, 0, 320, 180)])
            encoder.finish()

    with pytest.raises(UserError, match="No such file"):
        encode()


def children():
    """Return this process's children; other tests may have left Python's resource tracker."""
    return set(psutil.Process().children())


def test_an_error_in_the_scene_leaves_nothing_behind(settings, tmp_path):
    class Broken(Scene):
        def construct(self):
            self.add(Square())
            self.wait(0.5)
            raise ZeroDivisionError

    before = children()
    (tmp_path / "film.mp4").write_bytes(b"the film of last week")
    with pytest.raises(ZeroDivisionError):
        record_film(of(Broken), settings, tmp_path / "film.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
    assert (tmp_path / "film.mp4").read_bytes() == b"the film of last week"
    assert children() == before


def test_the_death_of_the_encoder_is_an_error(settings, tmp_path):
    class Deadly(Scene):
        def construct(self):
            self.add(Square())
            self.wait(0.5)
            for child in children() - before:
                child.kill()
            for _ in range(50):
                self.play(Square().animate.rotate(1), run_time=1)

    before = children()
    with pytest.raises(UserError, match=r"killed \(signal 9\), perhaps for want of memory"):
        record_film(of(Deadly), settings, tmp_path / "film.mp4")
    assert not list(tmp_path.iterdir())
    assert children() == before


INTERRUPTED = """
import sys
from pathlib import Path
from manim import Scene, Square
from cnnviz.rendering.film import record_film
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import FilmSettings

class Endless(Scene):
    def construct(self):
        square = Square()
        self.add(square)
        while True:
            self.play(square.animate.rotate(1))
            print("playing", flush=True)

try:
    record_film(lambda r: Endless(renderer=r), FilmSettings(320, 180, 10), Path(sys.argv[1]))
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_ctrl_c_leaves_nothing_behind(tmp_path, start, assert_ended):
    film, temporary = tmp_path / "films" / "film.mp4", tmp_path / "tmp"
    temporary.mkdir()
    process = start(INTERRUPTED, film, TMPDIR=temporary)
    process.stdout.readline()
    children = psutil.Process(process.pid).children()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    process.stdout.read()
    assert process.wait(timeout=60) == 130
    assert len(children) == 1
    assert_ended(children)
    assert not list(film.parent.iterdir())
    assert not list(temporary.iterdir())
