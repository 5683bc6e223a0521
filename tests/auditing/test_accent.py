"""The accent's colour: one thing at a time."""

from __future__ import annotations

from cnnviz.auditing.accent import AccentPart, Role, several_accents


def glow(role: Role, text: str = "", x: float = 0.0, y: float = 0.0, of: str = "") -> AccentPart:
    """Return a part, 0.4 wide and high."""
    return AccentPart(role, text, (x - 0.2, y + 0.2, x + 0.2, y - 0.2), of)


def faults(*glows: AccentPart) -> list[str]:
    return list(several_accents(glows))


def test_nothing_and_one_thing_are_fine() -> None:
    assert not faults()
    for role in ("window", "name", "number", "bar"):
        assert not faults(glow(role))  # type: ignore[arg-type]


def test_the_window_on_the_input_and_its_cell_in_the_output_are_one() -> None:
    assert not faults(glow("window", x=-4.0), glow("window", x=4.0))


def test_what_a_window_frames_and_what_names_it_are_one_with_it() -> None:
    assert not faults(glow("window"), glow("number", "5.72", x=0.1))
    assert not faults(glow("window", x=-4.0), glow("name", "conv_1_1", x=4.0, y=3.0))


def test_a_window_and_a_total_elsewhere_are_two() -> None:
    assert faults(glow("window", x=-4.0), glow("number", "+4.605", x=4.0)) == [
        "2 things glow at once: number '+4.605', window"
    ]


def test_the_winner_with_its_bar_and_its_number_is_one() -> None:
    line = glow("name", "cat", x=-3.0), glow("bar"), glow("number", "70%", x=3.0)
    assert not faults(*line)
    assert not faults(*line, glow("number", "+2.1", y=3.0), glow("number", "+2.1", y=-3.0))[1:]
    assert not faults(
        glow("number", "1.00", y=3.0, of="cat"), glow("number", "70%", of="cat"), glow("bar", y=-3)
    )


def test_two_numbers_are_two_and_three_are_three() -> None:
    one, two = glow("number", "1", y=3.0), glow("number", "2", x=4.0)
    assert len(faults(one, two)) == 1
    assert faults(one, two, glow("window", y=-3.0))[0].startswith("3 things glow at once")


def test_a_list_of_names_without_anything_else_is_many() -> None:
    assert faults(*(glow("name", str(index), y=index) for index in range(4)))[0].startswith("4")


def test_parts_of_a_chain_are_one_in_whatever_order_they_come() -> None:
    chain = [glow("number", str(index), x=0.6 * index, y=0.2 * (index % 2)) for index in range(5)]
    for order in ([0, 2, 4, 1, 3], [4, 0, 3, 1, 2]):
        assert not faults(*(chain[index] for index in order))
