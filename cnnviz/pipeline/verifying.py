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
from cnnviz.rendering.encoded_frames import decode, first_difference, frame_digests
from cnnviz.staging.registry import scene_names
from cnnviz.system.ordinary_files import open_ordinary
from cnnviz.system.scratch import scratch_folder
from cnnviz.weights import bundled_weights


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
    image, weights
        Files.
    scene
        For a scene that is not installed, its file.
    jobs
        How many processes draw.
    """

    image: Path | None = None
    weights: Path | None = None
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
    try:
        open_ordinary(video).close()
    except OSError as error:
        raise UserError(f'cannot read the film "{video}": {error.strerror}') from None
    if not format_of(video).is_container:
        raise UserError(f'"{video}" is no film whose frames can be compared: verify an MP4 of it')
    clip = ClipFiles.at(video)
    manifest = read_manifest(clip.manifest)
    if manifest is None:
        raise UserError(f'"{clip.manifest}" is no manifest of cnnviz: without, nothing can be told')
    facts = _Facts.of(clip.manifest, manifest)
    faults = [*_changed_files(clip, manifest), *_changed_frames(video, facts)]
    if again is not None:
        faults += _differences_from(_request(video, manifest, again), video, facts, again)
    return Verification(tuple(faults), facts.frames, len(facts.names))


@dataclass(frozen=True)
class _Facts:
    """What a manifest says of frames.

    Attributes
    ----------
    width, height, frames
        Of the film.
    names, first_frames, digests
        Of its beats.
    """

    width: int
    height: int
    frames: int
    names: tuple[str, ...]
    first_frames: tuple[int, ...]
    digests: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, manifest: Mapping[str, Any]) -> _Facts:
        """Read them from a manifest."""
        try:
            film, beats = manifest["film"], manifest["beats"]
            return cls(
                int(film["width"]),
                int(film["height"]),
                int(film["frames"]),
                tuple(str(beat["name"]) for beat in beats),
                tuple(int(beat["first_frame"]) for beat in beats),
                tuple(str(beat["frames_sha256"]) for beat in beats),
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
    try:
        film = decode(video)
        found = frame_digests(video, facts.first_frames)
    except UserError as error:
        return [str(error)]
    faults = [
        f'the frames of the beat "{name}" are not those that were made'
        for name, one, other in zip(facts.names, found, facts.digests, strict=True)
        if one != other
    ]
    if film != (facts.width, facts.height, facts.frames):
        faults.append(
            f"it has {film.frames} frames of {film.width} x {film.height}, its manifest says "
            f"{facts.frames} of {facts.width} x {facts.height}"
        )
    return faults


def _differences_from(
    request: RenderRequest, video: Path, facts: _Facts, again: RemakeOptions
) -> Sequence[str]:
    """Make the film anew and say where it differs."""
    with scratch_folder() as folder:
        anew = folder / "film" / video.name
        render_clip(request, anew, RunOptions(cache=None, jobs=again.jobs))
        made = ClipFiles.at(anew)
        facts_anew = _Facts.of(made.manifest, read_manifest(made.manifest) or {})
        if facts_anew == facts:
            return []
        frame = first_difference(video, anew)
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
        image = again.image or _source_file(video, source, "image", bundled_photo())
        weights = again.weights or _source_file(video, source, "weights", bundled_weights())
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


def _source_file(video: Path, source: Mapping[str, Any], what: str, bundled: Path) -> Path | None:
    """Return the file that a film was made from, wherever it is; None for the bundled weights."""
    name, digest = str(source[what]), source[f"{what}_sha256"]
    places = (bundled, Path(name), video.parent / Path(name).name)
    for place in places:
        if digest is not None and place.is_file() and digest_of(place) == digest:
            return place
    option = "--" + what
    raise UserError(f'the film was made from "{name}", which is not here: give it with {option}')
