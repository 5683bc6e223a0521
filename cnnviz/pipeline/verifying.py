"""Whether a film is what its manifest says, and whether it would be the same made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError
from cnnviz.photos import bundled_photo
from cnnviz.pipeline.clip import render_clip
from cnnviz.pipeline.look import Look
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.request import Part, RenderRequest
from cnnviz.publishing.clip_files import ClipFiles, digest_of, read_manifest
from cnnviz.publishing.formats import format_of
from cnnviz.publishing.formats.png import PNG, frame_name
from cnnviz.staging.registry import scene_names
from cnnviz.system.ordinary_files import open_ordinary
from cnnviz.system.scratch import scratch_folder
from cnnviz.weights import NAMED_WEIGHTS, bundled_weights, weights_file


@dataclass(frozen=True)
class Verification:
    """What was found.

    Attributes
    ----------
    faults
        One line for each thing that is not as it should be.
    frames, beats
        How many were compared.
    """

    faults: tuple[str, ...]
    frames: int
    beats: int


@dataclass(frozen=True)
class RemakeOptions:
    """With what a film is made anew; None for what its manifest names.

    Attributes
    ----------
    images, weights
        Files; two where two are compared.
    scene
        For a scene that is not installed, its file.
    jobs
        How many processes draw.
    """

    images: tuple[Path, ...] = ()
    weights: tuple[Path, ...] = ()
    scene: str | None = None
    jobs: int | None = None


def verify_clip(video: Path, again: RemakeOptions | None = None) -> Verification:
    """Compare a clip's files and frames with its manifest, and with a film made anew.

    Parameters
    ----------
    video
        The film. Its manifest lies beside it.
    again
        With what it is made anew, without the cache; None for not at all.

    Raises
    ------
    UserError
        If there is nothing to compare with, or the film cannot be made anew.
    """
    _require_readable(video)
    written_as = format_of(video)
    clip = ClipFiles.at(video)
    manifest = read_manifest(clip.manifest)
    if manifest is None:
        raise UserError(f'"{clip.manifest}" is no manifest of cnnviz: without, nothing can be told')
    facts = _Facts.of(clip.manifest, manifest, encoded=not written_as.is_folder)
    changed = _missing_pictures if written_as.is_folder else _changed_frames
    faults = [*_changed_files(clip, manifest), *changed(video, facts)]
    if again is not None:
        faults += _differences_from(_request(video, manifest, again), video, facts, again)
    return Verification(tuple(faults), facts.frames, len(facts.names))


def _require_readable(video: Path) -> None:
    is_folder = video.suffix.lower() == PNG.suffix
    if is_folder and video.is_dir():
        return
    try:
        open_ordinary(video).close()
    except OSError as error:
        raise UserError(f'cannot read the film "{video}": {error.strerror}') from None
    if is_folder:
        raise UserError(f'cannot read the film "{video}": it is a file, not a folder of pictures')


@dataclass(frozen=True)
class _Facts:
    """What a manifest says of frames.

    Attributes
    ----------
    width, height, frames, frame_rate
        Of the film.
    names, first_frames, digests
        Of its beats; no digests of a folder's, whose files have them.
    """

    width: int
    height: int
    frames: int
    frame_rate: float
    names: tuple[str, ...]
    first_frames: tuple[int, ...]
    digests: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, manifest: Mapping[str, Any], *, encoded: bool = True) -> _Facts:
        """Read them from a manifest."""
        try:
            film, beats = manifest["film"], manifest["beats"]
            return cls(
                int(film["width"]),
                int(film["height"]),
                int(film["frames"]),
                float(film["frame_rate"]),
                tuple(str(beat["name"]) for beat in beats),
                tuple(int(beat["first_frame"]) for beat in beats),
                tuple(str(beat["frames_sha256"]) for beat in beats if encoded),
            )
        except (KeyError, TypeError, ValueError):
            raise UserError(
                f'the manifest "{path}" says nothing of the film\'s frames: it is damaged, or an '
                "older cnnviz wrote it; render the film anew"
            ) from None


def _changed_files(clip: ClipFiles, manifest: Mapping[str, Any]) -> list[str]:
    faults = []
    for path in clip.all:
        digest = manifest["files"].get(clip.suffix_of(path))
        if path == clip.manifest or digest is None:
            continue
        if not path.exists():
            faults.append(f"{path.name} is missing")
        elif digest_of(path) != digest:
            faults.append(f"{path.name} is not as it was made")
    return faults


def _changed_frames(video: Path, facts: _Facts) -> list[str]:
    written_as = format_of(video)
    try:
        found = written_as.frame_digests(video, facts.first_frames, facts.frame_rate) or ()
        film = written_as.decode(video)
    except UserError as error:
        return [str(error)]
    faults = [
        f'the frames of the beat "{name}" are not those that were made'
        for name, one, other in zip(facts.names, found, facts.digests, strict=True)
        if one != other
    ]
    if film is not None and film != (facts.width, facts.height, facts.frames):
        faults.append(
            f"it has {film.frames} frames of {film.width} x {film.height}, its manifest says "
            f"{facts.frames} of {facts.width} x {facts.height}"
        )
    return faults


def _missing_pictures(folder: Path, facts: _Facts) -> list[str]:
    """Return what lacks among the pictures of a folder; their content has a digest as files."""
    wanted = {frame_name(number) for number in range(facts.frames)}
    missing = sorted(wanted - {path.name for path in folder.iterdir()})
    return [f"{name} is missing in {folder.name}" for name in missing]


def _differences_from(
    request: RenderRequest, video: Path, facts: _Facts, again: RemakeOptions
) -> Sequence[str]:
    """Make the film anew and say where it differs."""
    written_as = format_of(video)
    with scratch_folder() as folder:
        anew = folder / "film" / video.name
        render_clip(request, anew, RunOptions(cache=None, jobs=again.jobs))
        if not written_as.is_folder:  # whose manifest has no digests of beats
            manifest = ClipFiles.at(anew).manifest
            if _Facts.of(manifest, read_manifest(manifest) or {}) == facts:
                return []
        frame = written_as.first_difference(video, anew, facts.frame_rate)
    if written_as.is_folder:
        return [] if frame is None else [f"made anew, it differs from {frame_name(frame)} on"]
    if frame is None:
        return ["made anew, it has the same pixels, encoded in another way"]
    begun = sum(first <= frame for first in facts.first_frames)
    where = f' (beat "{facts.names[begun - 1]}")' if begun else ""
    return [f"made anew, it differs from frame {frame} on{where}"]


def _request(video: Path, manifest: Mapping[str, Any], again: RemakeOptions) -> RenderRequest:
    """Return the request that the manifest remembers."""
    try:
        options = dict(manifest["recipe"]["options"])
        source = manifest["source"]
        scene = again.scene or str(options.pop("scene"))
        options.pop("scene", None)
        image = _given(video, source, "image", bundled_photo(), again.images)
        weights = _given(video, source, "weights", bundled_weights(), again.weights)
        crop, background = source["crop"], source["background"]
    except UserError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UserError(
            f'the manifest of "{video}" does not say how it was made: render it anew'
        ) from None
    if again.scene is None and scene not in scene_names():
        raise UserError(f'the scene "{scene}" is not installed: give its file with --scene')
    look = {each.name for kind in (Look, Part) for each in fields(kind)}
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in options.items()
        if name in look or value is not None
    }
    crop = None if crop is None else tuple(crop)
    return RenderRequest.of(
        scene, image, weights=weights, crop=crop, background=tuple(background), **given
    )


def _given(
    video: Path,
    source: Mapping[str, Any],
    what: str,
    bundled: Path,
    given: tuple[Path, ...],
) -> Path | tuple[Path, ...]:
    """Return the files that a film is made anew from: one, or two where they are compared."""
    other = source.get("other")
    is_pair = other is not None and what == ("image" if _same_network(source, other) else "weights")
    if given and len(given) != 1 + is_pair:
        raise UserError(f"{len(given)} times --{what}: give it {'twice' if is_pair else 'once'}")
    if is_pair and other is not None:
        return given or tuple(_source_file(video, each, what, bundled) for each in (source, other))
    return given[0] if given else _source_file(video, source, what, bundled)


def _same_network(source: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two pictures are compared, as :class:`Source` has it."""
    return all(source[key] == other[key] for key in ("weights", "weights_sha256"))


def _source_file(video: Path, source: Mapping[str, Any], what: str, bundled: Path) -> Path:
    """Return the file that a film was made from, wherever it is."""
    name, digest = str(source[what]), source[f"{what}_sha256"]
    places = [bundled, Path(name), video.parent / Path(name).name]
    if name in NAMED_WEIGHTS:
        places.append(weights_file(name))
    for place in places:
        if digest is not None and place.is_file() and digest_of(place) == digest:
            return place
    option = "--" + what
    raise UserError(f'the film was made from "{name}", which is not here: give it with {option}')
