"""Class names on screen: in the film's language, and whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.auditing.stage import texts_on
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.publishing.manifest import film_facts
from cnnviz.rendering.settings import FilmSettings
from cnnviz.staging.registry import load_scene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, setting_of, visit_beats

SHOWING_CLASSES = ("overview", "flatten", "softmax", "journey")


@pytest.fixture(scope="module")
def named() -> Trace:
    """A small network that calls its classes as the bundled one does."""
    called = load_network().architecture
    layers = (
        Conv2d("conv", 3, 3, 3),
        ReLU("relu"),
        MaxPool2d("pool", 4, 4),
        Flatten("flatten"),
        Linear("output", 3 * 4 * 4, 10),
    )
    network = fixed_network(layers, called.classes, (3, 18, 18))
    network = replace(network, architecture=replace(network.architecture, names=called.names))
    return trace(np.random.default_rng(4).random((18, 18, 3)).astype(np.float32), network)


def texts_of(scene: str, what: Trace, language: str, aspect: str = "16:9") -> set[str]:
    """Return every text that a scene shows at rest."""
    found: set[str] = set()
    setting = setting_of(load_scene(scene), what, theme_of("dark", aspect), language)
    visit_beats(
        load_scene(scene),
        replace(setting, pace=0.1),
        lambda stage, beat: found.update(text.text for text in texts_on(stage)),
    )
    return found


@pytest.mark.parametrize(
    "scene", [*SHOWING_CLASSES, pytest.param("lecture", marks=pytest.mark.slow)]
)
def test_a_chinese_film_calls_no_class_in_english(scene: str, named: Trace) -> None:
    texts = texts_of(scene, named, "zh")
    for english, chinese in zip(named.classes, named.architecture.class_names("zh"), strict=True):
        assert not [text for text in texts if english in text]
        if scene in ("overview", "softmax", "flatten"):
            assert chinese in texts


@pytest.mark.slow
@pytest.mark.parametrize(("aspect", "language"), [("9:16", "en"), ("16:9", "zh"), ("1:1", "en")])
@pytest.mark.parametrize("scene", SHOWING_CLASSES)
def test_no_name_is_cut(scene: str, aspect: str, language: str, named: Trace) -> None:
    setting = setting_of(load_scene(scene), named, theme_of("dark", aspect), language)
    assert not faults_in(load_scene(scene), setting)
    if scene in ("overview", "softmax", "flatten"):
        shown = set(named.architecture.class_names(language))
        assert shown <= texts_of(scene, named, language, aspect)


def test_a_language_without_names_shows_the_classes(named: Trace) -> None:
    assert "bell pepper" in texts_of("overview", named, "en")


def test_the_manifest_says_what_the_classes_are_called(named: Trace) -> None:
    scene = load_scene("softmax")
    setting = setting_of(scene, named, None, "zh", class_name="小熊猫")
    facts = film_facts("softmax", "Softmax", setting, FilmSettings(320, 180, 10), [], 0)
    assert facts["parameters"]["class_name"] == "red panda"
    called = {each["class"]: each["name"] for each in facts["prediction"]}
    assert called["bell pepper"] == "甜椒"


LONG = (
    "a very long name of a class that nobody would ever write, eh",
    "Pneumonoultramicroscopicsilicovolcanoconiosis_und_mehr_davon",
    "short",
    "another class whose name goes on and on until sixty letters.",
)


@pytest.fixture(scope="module")
def long_names() -> Trace:
    layers = (
        Conv2d("conv", 3, 3, 3),
        ReLU("relu"),
        MaxPool2d("pool", 4, 4),
        Flatten("flatten"),
        Linear("output", 3 * 4 * 4, 4),
    )
    network = fixed_network(layers, LONG, (3, 18, 18))
    return trace(np.random.default_rng(4).random((18, 18, 3)).astype(np.float32), network)


@pytest.mark.parametrize(
    ("scene", "aspect"),
    [("softmax", "16:9"), ("softmax", "1:1"), ("flatten", "16:9"), ("flatten", "1:1")],
)
def test_names_of_sixty_letters_lie_over_nothing_and_are_legible(
    scene: str, aspect: str, long_names: Trace
) -> None:
    setting = setting_of(load_scene(scene), long_names, theme_of("dark", aspect))
    assert not faults_in(load_scene(scene), setting)
