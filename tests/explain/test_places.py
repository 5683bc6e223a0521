from __future__ import annotations

from dataclasses import replace

import pytest

from cnnviz.errors import UserError
from cnnviz.explain import places
from cnnviz.explain.places import Place, resolve_place
from cnnviz.layers import Conv2d, Flatten, Linear


def message(error: pytest.ExceptionInfo[UserError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


def test_what_is_given_is_kept(tiny_vgg) -> None:
    place = resolve_place(tiny_vgg, "conv_1_2", 3, (20, 31))
    assert place == Place("conv_1_2", 3, 20, 31)


@pytest.mark.parametrize("kind", ["conv", "relu", "max_pool", "flatten"])
def test_defaults_exist_in_the_first_layer_of_the_kind(tiny_vgg, kind: str) -> None:
    place = resolve_place(tiny_vgg, kind=kind)
    assert place.layer == places.layers_of_kind(tiny_vgg, kind)[0].name
    assert (
        resolve_place(tiny_vgg, place.layer, place.channel, (place.row, place.column), kind)
        == place
    )


def test_a_wrong_layer_lists_the_right_ones(tiny_vgg) -> None:
    for name in ("conv_9", "relu_1_1"):
        with pytest.raises(UserError) as error:
            resolve_place(tiny_vgg, name)
        text = message(error)
        assert f'"{name}"' in text
        assert text.endswith("choose conv_1_1, conv_1_2, conv_2_1, conv_2_2")


def test_a_wrong_channel_says_which_there_are(tiny_vgg) -> None:
    for channel in (10, -1):
        with pytest.raises(UserError) as error:
            resolve_place(tiny_vgg, "conv_1_1", channel)
        assert message(error) == f'layer "conv_1_1" has no channel {channel}: choose 0 to 9'


@pytest.mark.parametrize("pixel", [(62, 0), (0, 62), (-1, 0), (0, -1)])
def test_a_wrong_pixel_says_which_there_are(tiny_vgg, pixel: tuple[int, int]) -> None:
    with pytest.raises(UserError) as error:
        resolve_place(tiny_vgg, "conv_1_1", 0, pixel)
    assert message(error) == (
        f'layer "conv_1_1" has no pixel {pixel[0]},{pixel[1]}: '
        "choose row 0 to 61 and column 0 to 61"
    )


def test_pixels_of_a_flatten_layer_are_those_of_its_maps(tiny_vgg) -> None:
    assert resolve_place(tiny_vgg, None, 9, (12, 12), "flatten") == Place("flatten", 9, 12, 12)
    with pytest.raises(UserError, match="row 0 to 12 and column 0 to 12"):
        resolve_place(tiny_vgg, None, 9, (13, 0), "flatten")


def test_vectors_have_no_pixels(tiny_vgg) -> None:
    with pytest.raises(UserError, match='"output" has no pixels'):
        resolve_place(tiny_vgg, "output", 0, (0, 0), kind=None)
    with pytest.raises(UserError, match='"output" has no pixels'):
        places.require_pixel(tiny_vgg["output"], 0, 0)


def test_outputs_of_a_linear_layer_are_counted(tiny_vgg) -> None:
    assert places.require_channel(tiny_vgg["output"], 9) == 9
    with pytest.raises(UserError, match="no output 10: choose 0 to 9"):
        places.require_channel(tiny_vgg["output"], 10)


def test_a_network_without_the_kind_says_so(make_trace) -> None:
    trace = make_trace([Flatten("flatten"), Linear("output", 4, 2)], (1, 2, 2))
    with pytest.raises(UserError, match='the network "random" has no convolution'):
        resolve_place(trace)


def test_single_choices_read_well(make_trace) -> None:
    trace = make_trace([Conv2d("conv", 1, 1, 3), Flatten("f"), Linear("o", 1, 2)], (1, 3, 3))
    with pytest.raises(UserError, match=r"no channel 1: choose 0$"):
        resolve_place(trace, channel=1)
    with pytest.raises(UserError, match=r"choose row 0 and column 0$"):
        resolve_place(trace, pixel=(1, 0))


def test_pixels_of_the_picture(tiny_vgg) -> None:
    assert places.require_input_pixel(tiny_vgg, 63, 0) == (63, 0)
    with pytest.raises(UserError, match="the picture has no pixel 64,0: choose row 0 to 63"):
        places.require_input_pixel(tiny_vgg, 64, 0)


def test_classes_are_found_by_name(tiny_vgg) -> None:
    assert places.require_class(tiny_vgg, "class 3") == 3
    assert places.require_class(tiny_vgg, "Class 3") == 3
    assert places.require_class(tiny_vgg, None) == tiny_vgg.predicted_index
    with pytest.raises(UserError) as error:
        places.require_class(tiny_vgg, "dog")
    assert message(error).startswith('there is no class "dog": choose class 0, class 1')


def test_classes_are_found_by_their_names_in_any_language(tiny_vgg) -> None:
    count = len(tiny_vgg.classes)
    names = {
        "zh": tuple(f"第{index}类" for index in range(count)),
        "de": ("class 1", *(f"Klasse {index}" for index in range(1, count))),
    }
    named = replace(tiny_vgg, architecture=replace(tiny_vgg.architecture, names=names))
    assert places.require_class(named, "第2类") == 2
    assert places.require_class(named, "class_3") == 3
    assert places.require_class(named, "klasse_4") == 4
    assert places.require_class(named, "class 1") == 1, "the network's own name counts first"
    with pytest.raises(UserError):
        places.require_class(named, "第99类")
