"""Messages are one line, whatever is quoted in them."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import LONGEST_MESSAGE, UserError, one_line


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("a\nError: forged", r"a\nError: forged"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("abc\u202egnp.exe", r"abc\u202egnp.exe"),
        ("caf\udce9.png", r"caf\udce9.png"),
        ("猫 café × ½", "猫 café × ½"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped(given_text: str, shown: str) -> None:
    assert str(UserError(f'there is no scene "{given_text}"')) == f'there is no scene "{shown}"'


@given(st.text())
def test_a_message_is_one_printable_line_of_bounded_length(text: str) -> None:
    line = one_line(text * 50)
    assert line.isprintable()
    assert len(line) <= LONGEST_MESSAGE
    assert one_line(line) == line
    line.encode()


def test_of_a_long_message_start_and_end_stay() -> None:
    line = str(UserError(f'there is no scene "{"x" * 100_000}": choose conv'))
    assert line.startswith('there is no scene "xxx')
    assert line.endswith('xxx": choose conv')
    assert len(line) == LONGEST_MESSAGE
    assert one_line(line) == line


def test_an_error_from_another_process_is_the_same() -> None:
    error = pickle.loads(pickle.dumps(UserError("a\nb" * 1000)))
    assert str(error) == str(UserError("a\nb" * 1000))
