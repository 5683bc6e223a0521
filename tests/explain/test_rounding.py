from __future__ import annotations

import math
from decimal import Context, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.rounding import (
    decimals_that_fit,
    equals_sign,
    format_count,
    format_exponential,
    format_number,
    format_percent,
    format_share,
    number_shown,
)

finite = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0.3, 2, "0.30"),
        (-0.237, 2, "−0.24"),
        (-0.0049, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (0.0, 0, "0"),
        (0.125, 2, "0.12"),
        (0.375, 2, "0.38"),
        (-12.5, 0, "−12"),
        (1234.5, 1, "1,234.5"),
        (19920.0, 0, "19,920"),
        (-1e6, 0, "−1,000,000"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (math.nan, 2, "NaN"),
    ],
)
def test_numbers_are_written_by_the_rule(value: float, decimals: int, shown: str) -> None:
    assert format_number(value, decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.3, "+0.30"), (-0.3, "−0.30"), (0.004, "0.00"), (math.inf, "+∞"), (math.nan, "NaN")],
)
def test_sign_always_marks_all_but_zero(value: float, shown: str) -> None:
    assert format_number(value, 2, sign="always") == shown


@pytest.mark.parametrize(
    ("value", "width", "shown"),
    [
        (123456.0, 5, "1.2e5"),
        (-123456.0, 5, "−1e5"),
        (-123456.0, 7, "−1.23e5"),
        (99.99, 5, "99.99"),
        (999.99, 5, "1.0e3"),
        (1e100, 3, "1e100"),
        (12345.0, 6, "1.23e4"),
    ],
)
def test_what_has_no_room_gets_a_power_of_ten(value: float, width: int, shown: str) -> None:
    assert format_number(value, 2, width=width) == shown


@given(value=finite, decimals=st.integers(0, 6))
def test_the_written_number_is_the_nearest_one(value: float, decimals: int) -> None:
    written = Decimal(format_number(value, decimals).replace("−", "-").replace(",", ""))
    assert abs(written - Decimal(value)) <= Decimal(5).scaleb(-decimals - 1)


@given(value=finite, decimals=st.integers(0, 4), sign=st.sampled_from(["auto", "always"]))
def test_zero_never_has_a_sign(value: float, decimals: int, sign: str) -> None:
    shown = format_number(value, decimals, sign)
    if not float(shown.replace("−", "-").replace(",", "")):
        assert shown[0] == "0"


@given(
    values=st.lists(st.one_of(finite, st.just(math.nan)), min_size=1),
    characters=st.integers(3, 9),
    sign=st.sampled_from(["auto", "always"]),
)
def test_decimals_fit_and_one_more_would_not(
    values: list[float], characters: int, sign: str
) -> None:
    decimals = decimals_that_fit(values, characters, most=3, sign=sign)

    def longest(count: int) -> int:
        shown = (format_number(v, count, sign) for v in values if math.isfinite(v))
        return max(len(each.replace(",", "")) for each in shown)

    if any(math.isfinite(value) for value in values):
        assert decimals == 0 or longest(decimals) <= characters
        assert decimals == 3 or longest(decimals + 1) > characters


def test_decimals_of_deep_activations() -> None:
    assert decimals_that_fit(np.array([-0.31, 0.2]), 5) == 2
    assert decimals_that_fit(np.array([-12.3, 17.9]), 5) == 1
    assert decimals_that_fit(np.array([4321.0]), 5) == 0
    assert decimals_that_fit(np.array([]), 5) == 2


@pytest.mark.parametrize(
    ("terms", "total", "sign"),
    [
        (["−0.15", "−0.14", "+0.30"], "0.01", "="),
        (["0.1", "0.2"], "0.3", "="),
        (["−0.15", "−0.14"], "−0.30", "≈"),
        ([], "0.00", "="),
        (["1.2e5", "0"], "120000", "="),
        (["<0.01", "0.99"], "1.00", "≈"),
        (["1e100", "0.01"], "1e100", "≈"),
        (["∞", "1"], "∞", "≈"),
        (["NaN"], "NaN", "≈"),
        (["95.70%", "4.30%"], "1", "="),
        (["19,000", "920"], "19,920", "="),
        (["1.8 × 10⁻⁵", "0.5"], "0.500018", "="),
    ],
)
def test_equals_only_where_the_printed_terms_add_up(
    terms: list[str], total: str, sign: str
) -> None:
    assert equals_sign(terms, total) == sign


@pytest.mark.parametrize(
    ("terms", "result", "operation", "sign"),
    [
        (["0.50", "−0.30"], "−0.15", "product", "="),
        (["0.51", "−0.30"], "−0.15", "product", "≈"),
        (["1.00", "4.00"], "25.00%", "quotient", "="),
        (["0.20", "+0.40", "+0.14", "+0.38", "4"], "0.28", "quotient", "="),
        (["0.20", "+0.40", "+0.14", "+0.39", "4"], "0.28", "quotient", "≈"),
        (["1.00", "0"], "0.00", "quotient", "≈"),
        (["1.00", "1.04"], "95.70%", "quotient", "≈"),
        (["0.00", "0.00"], "0.00", "quotient", "≈"),
    ],
)
def test_equals_for_products_and_quotients(
    terms: list[str], result: str, operation: str, sign: str
) -> None:
    assert equals_sign(terms, result, operation) == sign


@given(cents=st.lists(st.integers(-500, 500), min_size=1, max_size=30), error=st.integers(-2, 2))
def test_equals_is_exact_for_any_number_of_terms(cents: list[int], error: int) -> None:
    shown = [format_number(cent / 100, 2) for cent in cents]
    total = format_number((sum(cents) + error) / 100, 2)
    assert (equals_sign(shown, total) == "=") == (error == 0)


@pytest.mark.parametrize(
    ("probability", "shown"),
    [
        (0.957, "95.70%"),
        (0.0001, "0.01%"),
        (0.00009, "<0.01%"),
        (0.0, "<0.01%"),
        (0.9999, "99.99%"),
        (0.99995, ">99.99%"),
        (1.0, ">99.99%"),
        (0.5, "50.00%"),
    ],
)
def test_percentages_never_reach_either_end(probability: float, shown: str) -> None:
    assert format_percent(probability) == shown


@given(probability=st.floats(0, 1), decimals=st.integers(0, 3))
def test_no_percentage_reads_0_or_100(probability: float, decimals: int) -> None:
    shown = format_percent(probability, decimals)
    number = float(shown.removesuffix("%").lstrip("<>"))
    assert 0 < number < 100


def test_whole_percentages() -> None:
    assert format_percent(0.284, 0) == "28%"
    assert format_percent(0.001, 0) == "<1%"
    assert format_percent(0.9999, 0) == ">99%"


def test_texts_that_show_no_number_are_refused() -> None:
    for text in ("<0.01%", "∞", "NaN", "<10⁻³⁰⁰", ">99.9%"):
        with pytest.raises(ValueError, match="is no number"):
            number_shown(text)
    assert number_shown("−95.70%") == Decimal("-0.957")


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.75, "75%"),
        (0.4061, "40.6%"),
        (0.0001, "<0.1%"),
        (0.9999, ">99.9%"),
    ],
)
def test_none_all_and_whole_percents_are_exact(share: float, shown: str) -> None:
    assert format_share(share) == shown


@given(exponent=st.floats(-20000, 600))
def test_powers_of_e_in_scientific_notation(exponent: float) -> None:
    shown = format_exponential(exponent)
    if shown.startswith("<"):
        assert shown == "<10⁻⁹⁹⁹⁹"
        assert exponent / math.log(10) < -9998
        return
    expected = Decimal(exponent).exp(Context(prec=30))
    found = number_shown(shown)
    assert abs(found / expected - 1) < Decimal("0.0501")


def test_scientific_notation_keeps_one_digit_before_the_point() -> None:
    assert format_exponential(math.log(2.478e-14)) == "2.5 × 10⁻¹⁴"
    assert format_exponential(math.log(9.96e-5)) == "1.0 × 10⁻⁴"
    assert number_shown("−9.3 × 10⁻³%") == Decimal("-9.3e-5")
    assert number_shown("69.89%") == Decimal("0.6989")


def test_counts_that_nobody_can_read_are_rounded() -> None:
    assert format_count(30_000) == "30,000"
    assert format_count(10**12 - 1) == "999,999,999,999"
    assert format_count(3_843_205_917_329) == "≈ 3.8 × 10¹²"
    assert format_count(9_960_000_000_000) == "≈ 1.0 × 10¹³"
