"""``import cnnviz``: its calls, as a lecturer would use them, and what else it exports."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import cnnviz
from cnnviz import errors, network
from cnnviz.model import trace as trace_module
from cnnviz.network import Network
from cnnviz.photos import bundled_photo
from cnnviz.pipeline import clip as clip_module

IMPORT = """
import sys
import cnnviz
print([name for name in ("torch", "manim", "numpy", "PIL", "rich") if name in sys.modules])
print(set(cnnviz.__all__) <= set(dir(cnnviz)), cnnviz.UserError.__name__, cnnviz.__version__)
print([name for name in ("torch", "manim", "numpy", "PIL", "rich") if name in sys.modules])
from cnnviz import *
print(Clip.__name__, Trace.__name__, Network.__name__)
"""


def test_what_is_exported_is_imported_when_it_is_asked_for() -> None:
    call = [sys.executable, "-c", IMPORT]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "[]",
        f"True UserError {version('cnnviz')}",
        "[]",
        "Clip Trace Network",
    ]


def test_what_is_exported_is_the_same_wherever_it_comes_from() -> None:
    assert cnnviz.Clip is clip_module.Clip
    assert cnnviz.Network is network.Network
    assert cnnviz.Trace is trace_module.Trace
    assert cnnviz.UserError is errors.UserError
    with pytest.raises(AttributeError, match="module 'cnnviz' has no attribute 'Film'"):
        cnnviz.Film  # noqa: B018 (asking is what fails)


def test_objects_tell_in_a_line_what_they_are(small_network: Network) -> None:
    trace = cnnviz.trace(np.zeros((32, 32, 3), np.uint8), small_network)
    assert repr(small_network) == "<Network Fixed: 7 layers, 3 classes, 1,543 parameters>"
    sure = f"{trace.probabilities.max():.1%}"
    assert repr(trace) == f"<Trace of Fixed: {trace.predicted_class} ({sure}), 7 layers>"
    assert repr(trace["conv_2"]) == "<LayerTrace conv_2 (conv): (6, 15, 15) -> (4, 8, 8)>"


def test_a_trace_needs_no_network_in_memory(small_weights: Path, small_network: Network) -> None:
    bundled = cnnviz.trace(bundled_photo(), cnnviz.load_network())
    assert (cnnviz.trace(bundled_photo()).logits == bundled.logits).all()
    small = cnnviz.trace(bundled_photo(), small_network)
    assert (cnnviz.trace(bundled_photo(), small_weights).logits == small.logits).all()


def test_network_and_trace() -> None:
    network = cnnviz.load_network()
    assert len(network.classes) == 10
    assert network.architecture.parameter_count == 19_920
    cnnviz.trace(bundled_photo("espresso"), network)
    trace = cnnviz.trace(bundled_photo(), network)  # the second call is a call, too
    assert trace.layers[0].name == "conv_1_1"
    assert trace.logits.shape == (10,)
    assert trace.probabilities.sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("name", ["cat", "espresso"])
def test_the_bundled_photos_come_out_right(name: str) -> None:
    trace = cnnviz.trace(bundled_photo(name), cnnviz.load_network())
    assert trace.predicted_class == name


def test_render_with_a_picture_in_memory(tmp_path: Path, small_network: Network) -> None:
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (20, 30, 3), np.uint8))
    calls: list[tuple[int, int]] = []
    clip = cnnviz.render(
        "conv",
        image=picture,
        output=tmp_path / "new" / "clip.mp4",
        weights=small_network,
        quality="l",
        fps=2,
        pace=0.2,
        theme="light",
        encode="small",
        on_progress=lambda done, total: calls.append((done, total)),
        layer="conv_1",
        channel=2,
        pixel=(3, 4),
    )
    assert calls[-1][0] == calls[-1][1]
    assert clip.seconds * 2 == calls[-1][1]
    for path in (clip.video, clip.captions_vtt, clip.captions_srt, clip.poster, clip.manifest):
        assert path.stat().st_size > 100
    manifest = json.loads(clip.manifest.read_text(encoding="utf-8"))
    assert manifest["theme"] == "light"
    assert manifest["parameters"] == {
        "layer": "conv_1",
        "channel": 2,
        "pixel": [3, 4],
        "scale": "unit",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scene": "conv", "stride": 2}, 'has no parameter "stride": choose layer, channel'),
        ({"scene": "conv", "channel": -1}, "channel is -1: give 0 or more"),
        ({"scene": "conv", "scale": "layers"}, "scale is 'layers': choose unit"),
        ({"scene": "hyperparameters", "stride": 7}, "stride is 7: give 1 to 6"),
        ({"scene": "conv", "pace": 0}, "the pace is 0"),
        ({"scene": "nothing"}, 'no scene "nothing"'),
        ({"scene": "conv", "theme": "blue"}, 'no theme "blue"'),
    ],
)
def test_wrong_arguments(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(cnnviz.UserError, match=message):
        cnnviz.render(**arguments)  # type: ignore[arg-type]


def test_network_is_an_alias_that_tells_the_new_name(
    small_weights: Path, small_network: Network
) -> None:
    picture = np.zeros((32, 32, 3), np.uint8)
    with pytest.warns(DeprecationWarning, match="weights="):
        old = cnnviz.trace(picture, network=small_weights)  # type: ignore[call-arg]
    assert (old.logits == cnnviz.trace(picture, weights=small_network).logits).all()
    with pytest.raises(cnnviz.UserError, match='no parameter "network"'):
        cnnviz.render_still("relu", picture, at=0, weights=small_network, network=small_weights)


def test_still_is_an_alias_that_tells_the_new_name(tmp_path: Path) -> None:
    small = {"quality": "l", "fps": 2, "pace": 0.2}
    with pytest.warns(DeprecationWarning, match="render_still"):
        old = cnnviz.still("relu", at=0, output=tmp_path / "old.png", **small)
    new = cnnviz.render_still("relu", at=0, output=tmp_path / "new.png", **small)
    assert old.read_bytes() == new.read_bytes()


@pytest.mark.parametrize("imported_first", ["cnnviz", "cnnviz.scenes.conv.scene"])
def test_scenes_are_described_before_and_after_one_is_imported(imported_first: str) -> None:
    import_module(imported_first)
    known = {scene.name: scene for scene in cnnviz.scenes()}
    assert {"conv", "lecture"} <= set(known)
    assert known["conv"].summary.startswith("A convolution")
    assert known["conv"].parameters["pixel"].kind == "pixel"


def test_a_network_is_imported_and_shown(tmp_path):
    state = cnnviz.load_network().module.state_dict()
    torch.save(state, tmp_path / "plain.pt")
    result = cnnviz.import_network(
        str(tmp_path / "plain.pt"), tmp_path / "net.safetensors", like="tiny_vgg", name="Mine"
    )
    assert result.card.is_file()
    seen = cnnviz.trace(bundled_photo(), result.weights)
    assert seen.architecture.name == "Mine"
    assert seen.predicted_class == "class 0"
