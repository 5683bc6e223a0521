"""An interrupt that C code swallows still ends the work."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
import uharfbuzz as hb

from cnnviz.cli.progress import film_progress
from cnnviz.style.typography import _latin_font
from cnnviz.system.interrupts import exit_code_of, remembered_interrupts, signals_as_interrupts

pytestmark = pytest.mark.usefixtures("interruptible")


def interrupt_within_harfbuzz() -> None:
    """Press Ctrl-C while HarfBuzz calls back: the exception cannot leave its C code."""
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, _: os.kill(os.getpid(), signal.SIGINT))
    font = _latin_font(400)
    font.draw_glyph(font.get_nominal_glyph(ord("x")), functions, None)


def render() -> None:
    with film_progress("film") as report:
        interrupt_within_harfbuzz()
        report(1, 2)


def test_a_swallowed_interrupt_is_raised_at_the_next_frame() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        render()
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_that_follows_from_an_interrupt_counts_as_one() -> None:
    def fail() -> None:
        with film_progress("film"):
            os.kill(os.getpid(), signal.SIGINT)
            raise OSError

    with pytest.raises(KeyboardInterrupt):
        fail()


def test_a_second_interrupt_is_raised_at_once() -> None:
    def insist() -> None:
        with film_progress("film"):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            raise AssertionError

    with pytest.raises(KeyboardInterrupt):
        insist()


def test_ignored_interrupts_stay_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with film_progress("film") as report:
        os.kill(os.getpid(), signal.SIGINT)
        report(1, 2)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_in_another_thread_there_is_nothing_to_remember() -> None:
    def render() -> str:
        with remembered_interrupts() as check:
            check()
        return "rendered"

    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(render).result() == "rendered"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_are_interrupts_with_their_own_exit_code(number: signal.Signals) -> None:
    at_start = signal.signal(number, signal.SIG_DFL)  # nohup has the tests ignore one
    try:
        with pytest.raises(KeyboardInterrupt) as raised, signals_as_interrupts():
            os.kill(os.getpid(), number)
        assert exit_code_of(raised.value) == 128 + number
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, at_start)


def test_a_remembered_signal_keeps_its_exit_code() -> None:
    def work() -> None:
        with signals_as_interrupts(), film_progress("film") as report:
            os.kill(os.getpid(), signal.SIGTERM)
            report(1, 2)

    with pytest.raises(KeyboardInterrupt) as raised:
        work()
    assert exit_code_of(raised.value) == 143


def test_signals_that_are_ignored_stay_so() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with signals_as_interrupts(), film_progress("film"):
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_interrupt_is_the_interrupts_exit_code() -> None:
    assert exit_code_of(KeyboardInterrupt()) == 130
