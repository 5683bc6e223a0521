"""The drawing side of the encoder process: frames go in, files come out.

A process of its own, so that drawing and encoding share neither a core nor Python's lock. It
is started afresh rather than forked: a fork of a process with threads, or with macOS's
frameworks loaded, may hang, and would carry Manim's memory along. What it must import is
small, and it does so while the first frames are being drawn.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cnnviz.arrays import ByteArray
from cnnviz.errors import UserError
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.encoder_process import (
    EncodeFrame,
    Failed,
    Finish,
    Finished,
    PixelsRead,
    StartSegment,
)
from cnnviz.rendering.frame_sink import FrameRun
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.ring import (
    Ring,
    Space,
    areas_to_convert,
    byte_count,
    ring_size,
    shared_descriptor,
)
from cnnviz.rendering.segment import still_path
from cnnviz.rendering.settings import FilmSettings
from cnnviz.system.processes import end_process, start_process
from cnnviz.system.scratch_names import outside_scratch


class EncodingError(RuntimeError):
    """The encoder process failed or died."""


class EncoderProcess:
    """The process that encodes one film, or some of its sections.

    Use it in a ``with`` block: it starts with it, which takes the process half a second or so, and
    on leaving the block, finished or not, it is gone.

    Parameters
    ----------
    settings
        Size, frame rate and encoding.

    Attributes
    ----------
    settings
        As given.
    connection
        For the messages of :mod:`.encoder_process`.
    ring
        For pixels.
    """

    connection: Connection
    ring: Ring

    def __init__(self, settings: FilmSettings) -> None:
        self.settings = settings

    def __enter__(self) -> Self:
        settings = self.settings
        width, height = settings.pixel_width, settings.pixel_height
        descriptor = shared_descriptor(width, height)
        self.connection, theirs = Pipe()
        try:
            self.ring = Ring(descriptor, width, height)
            handed_over = (descriptor, theirs.fileno())
            arguments = (*handed_over, width, height, settings.frame_rate, settings.encode)
            self._process = start_process(
                "cnnviz.rendering.encoder_process", *arguments, pass_fds=handed_over
            )
        finally:
            os.close(descriptor)
            theirs.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        end_process(self._process)
        self.connection.close()
        del self.ring  # what Manim keeps of a scene may keep us, but not all that memory

    def wait(self) -> int:
        """Return its exit code, as soon as it has ended."""
        return self._process.wait()


class Encoder:
    """Encodes frames to one file per section.

    Parameters
    ----------
    process
        One that has encoded nothing yet.
    folder
        Where the files go: see :func:`segment_path`.
    sections
        Numbers of the sections whose frames are wanted; None for all.
    profile
        Where to count the time.

    Attributes
    ----------
    frame_count
        Number of frames taken so far.
    """

    def __init__(
        self,
        process: EncoderProcess,
        folder: Path,
        sections: Collection[int] | None,
        profile: Profile,
    ) -> None:
        self._process = process
        self._width = process.settings.pixel_width
        self._height = process.settings.pixel_height
        self._space = Space(ring_size(self._width, self._height))
        self._folder = folder
        self._sections = sections
        self._profile = profile
        self._section: int | None = None
        self.frame_count = 0

    def wants(self, frames: FrameRun) -> bool:
        """Return whether the section is wanted."""
        return self._sections is None or frames.section in self._sections

    def is_done(self, first: int, section: int) -> bool:
        """Return whether the last wanted section is past."""
        return self._sections is not None and section > max(self._sections, default=-1)

    def show(self, frames: FrameRun, pixels: ByteArray, damage: Sequence[Box]) -> None:
        """Encode the picture once for each frame; see :class:`~.frame_sink.FrameSink`."""
        if frames.section != self._section:
            self._section = frames.section
            self._send(StartSegment(str(segment_path(self._folder, frames.section))))
        self.frame_count += frames.count
        if not damage:
            self._send(EncodeFrame(None, [], frames.count))
            return
        areas = areas_to_convert(damage, self._width, self._height)
        start = self._start_of_free(byte_count(areas))
        with self._profile.stage("hand over"):
            self._process.ring.write(start, pixels, areas)
        self._send(EncodeFrame(start, areas, frames.count))

    def finish(self) -> None:
        """Wait until everything is encoded and all files are complete.

        Raises
        ------
        UserError
            If the disk is full, for example, or the encoder process was killed.
        EncodingError
            If the encoder process failed.
        """
        self._send(Finish())
        answer = self._receive()
        while not isinstance(answer, Finished):
            answer = self._receive()
        self._profile.add("convert", answer.convert_seconds)
        self._profile.add("encode", answer.encode_seconds)
        self._process.wait()

    def _start_of_free(self, count: int) -> int:
        """Return from where on so many bytes of the ring are free, as soon as they are."""
        while self._process.connection.poll():
            self._hear()
        while (start := self._space.take(count)) is None:
            self._hear()
        return start

    def _hear(self) -> None:
        if isinstance(self._receive(), PixelsRead):
            self._space.give_back()

    def _send(self, message: tuple[Any, ...]) -> None:
        """Send a message, which waits while too many have not been read.

        The other side never waits for us to read its answers: there are no more of them than of
        messages it has read since we read the last, and they are smaller.
        """
        try:
            with self._profile.stage("wait"):
                self._process.connection.send(message)
        except (BrokenPipeError, ConnectionResetError):
            while True:  # what it last said ends in why it failed, or in its death
                self._receive()

    def _receive(self) -> tuple[Any, ...]:
        try:
            with self._profile.stage("wait"):
                answer: tuple[Any, ...] = self._process.connection.recv()
        except (EOFError, ConnectionResetError):
            code = self._process.wait()
            if code < 0:
                raise UserError(
                    f"the encoder process was killed (signal {-code}), perhaps for want of memory: "
                    "free some, or choose a smaller quality or fewer jobs"
                ) from None
            raise EncodingError(f"the encoder process died (exit code {code})") from None
        if isinstance(answer, Failed):
            if answer.is_disk:
                folder = outside_scratch(self._folder)
                raise UserError(
                    f'cannot write the film\'s sections to "{folder}": {answer.reason}: make '
                    "room there, or set TMPDIR to a folder with room"
                )
            raise EncodingError(f"encoding failed: {answer.reason}")
        return answer


SEGMENT_SUFFIX = ".section"
"""Of every section's file, whatever container it is."""


def segment_path(folder: Path, section: int) -> Path:
    """Return the name that a section's file has as soon as it is complete."""
    return folder / f"{section:04}{SEGMENT_SUFFIX}"


def section_still(folder: Path, section: int) -> Path:
    """Return where the last frame of a section lies, PNG, as soon as its file is complete."""
    return Path(still_path(str(segment_path(folder, section))))


def complete_sections(folder: Path) -> list[int]:
    """Return the numbers of the sections whose files are complete, in order."""
    return sorted(int(path.stem) for path in folder.glob(f"[0-9]*{SEGMENT_SUFFIX}"))
