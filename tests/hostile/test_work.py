"""Steps are counted so that a loop is told from a loop in a loop."""

from __future__ import annotations

from tests.hostile.work import steps


def linear(size: int) -> int:
    return sum(1 for _ in range(size))


def quadratic(size: int) -> int:
    return sum(1 for _ in range(size) for _ in range(size))


def test_a_loop_takes_steps_in_proportion_to_its_rounds() -> None:
    assert 1.9 < steps(lambda: linear(2_000)) / steps(lambda: linear(1_000)) < 2.1


def test_a_loop_in_a_loop_takes_steps_in_proportion_to_the_square_of_its_rounds() -> None:
    assert 3.8 < steps(lambda: quadratic(200)) / steps(lambda: quadratic(100)) < 4.2


def test_calls_of_functions_written_in_c_are_steps() -> None:
    assert steps(lambda: list(map(len, ["a"] * 1_000))) < 20  # a loop inside such a function is not seen
    assert steps(lambda: [len(text) for text in ["a"] * 1_000]) > 2_000
