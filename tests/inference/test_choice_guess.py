"""Lists of choices are told from text that only has such marks in it."""

import json
from collections import Counter

import numpy as np
import pytest

from leadqual.inference.choice_guess import ChoiceGuess, guess_choices

LEADS = 1500
SIX = ("CRM", "ERP", "BI", "HR", "Shop", "IoT")


def guess(cells: list) -> ChoiceGuess | None:
    counts = Counter(cell for cell in cells if cell)
    return guess_choices(list(counts), list(counts.values()))


def picks(options: tuple[str, ...], share: float, *, seed: int = 0, leads: int = LEADS, shuffled: bool = True) -> list:
    random = np.random.default_rng(seed)
    rows = [[one for one in options if random.random() < share] for _ in range(leads)]
    return [list(random.permutation(row)) if shuffled else row for row in rows]


def some(*values: str, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).choice(np.array(values, dtype=object), LEADS)


def numbers(low: int, high: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(low, high, LEADS)


@pytest.mark.parametrize(("between", "separator"), [(";", ";"), ("; ", ";"), (", ", ","), ("|", "|"), ("\uff1b", ";")])
@pytest.mark.parametrize("shuffled", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_picks_are_found_in_any_order_and_by_any_separator(
    between: str, separator: str, shuffled: bool, seed: int
) -> None:
    cells = [between.join(row) for row in picks(SIX, 0.35, seed=seed, shuffled=shuffled)]
    most = max(cell.count(between) + 1 for cell in cells)
    assert guess(cells) == ChoiceGuess(separator, 6, most)


def test_lists_and_json_are_found_whatever_is_in_them() -> None:
    rows = picks(SIX, 0.35)
    assert guess([json.dumps(row) for row in rows if row]) == ChoiceGuess("json", 6, 6)
    assert guess([str([str(one) for one in row]) for row in rows if row]) == ChoiceGuess("json", 6, 6)
    assert guess_choices([["a"], ["b", "a"], []], [1, 1, 1]) == ChoiceGuess("json", 2, 2)
    assert guess_choices([["a"], "plain", "text"], [1, 1, 1]) is None


def test_tags_with_a_long_tail_are_found() -> None:
    options = tuple(f"Tag {i}" for i in range(60))
    random = np.random.default_rng(1)
    cells = [", ".join(one for i, one in enumerate(options) if random.random() < 1 / (1 + i)) for _ in range(LEADS)]
    found = guess(cells)
    assert found is not None
    assert (found.separator, found.choices) == (",", 60)


def test_a_few_leads_with_several_choices_are_enough() -> None:
    one, two, random = some(*SIX), some(*SIX, seed=1), np.random.default_rng(2)
    cells = [f"{a};{b}" if a != b and random.random() < 0.1 else a for a, b in zip(one, two, strict=True)]
    assert guess(cells) == ChoiceGuess(";", 6, 2)


def test_choices_may_hold_the_other_separators() -> None:
    cells = [";".join(row) for row in picks(("Software, IT", "Oil, gas", "Retail", "Food, health"), 0.4)]
    assert guess(cells) == ChoiceGuess(";", 4, 4)


def test_it_says_what_it_found() -> None:
    assert str(ChoiceGuess(";", 14, 5)) == "14 choices separated by ';', up to 5 a lead"
    assert str(ChoiceGuess("json", 3, 2)) == "3 choices in lists, up to 2 a lead"


TOWNS = ("Austin", "Dallas", "Troy", "Salem", "Dover", "Clinton", "Miami", "Reno")
STATES = ("TX", "CA", "NY", "FL", "OH")
FIRST = ("John", "Jane", "James", "Thomas", "Martin", "Anna", "Eva", "Lewis", "Scott")
WORDS = ("we", "need", "a", "new", "system", "for", "our", "plant", "want", "to", "see", "how", "it", "works", "now")


def text(mark: str) -> list[str]:
    random = np.random.default_rng(3)
    parts = [[" ".join(random.choice(WORDS, 3)) for _ in range(random.integers(1, 5))] for _ in range(LEADS)]
    return [f"{mark} ".join(row) for row in parts]


def joined(between: str, *columns: np.ndarray) -> list[str]:
    return [between.join(map(str, row)) for row in zip(*columns, strict=True)]


def some_levels(between: str, *columns: np.ndarray, from_end: bool = False) -> list[str]:
    """Write as many of the columns as chance has it: the first ones, or the last ones."""
    depth = numbers(1, len(columns) + 1, seed=9)
    rows = zip(*columns, strict=True)
    return [between.join(row[-k:] if from_end else row[:k]) for row, k in zip(rows, depth, strict=True)]


LOOK_ALIKES = {
    "industries": some("Software, IT & Services", "Banking, Finance & Insurance", "Retail", "Oil, Gas & Mining",
                       "Media", "Health, Pharma", "Manufacturing", "Transport, Logistics", "Marketing, PR"),
    "industries that share a word": some("Software, Services", "Consulting, Services", "Hardware, Services", "Retail",
                                         "Banking, Finance", "Insurance, Finance", "Food, Retail", "Fashion, Retail"),
    "surname, first name": joined(", ", some(*(f"Name{i}" for i in range(50)), *FIRST), some(*FIRST, seed=1)),
    "town, state": joined(", ", some(*TOWNS), some(*STATES, seed=1)),
    "town, state, country, the first ones often left out": some_levels(
        ", ", some(*TOWNS), some(*STATES, seed=1), some("USA", "Canada", seed=2), from_end=True
    ),
    "addresses": joined(", ", numbers(1, 90), some(*TOWNS), some(*STATES, seed=1)),
    "addresses by semicolon": joined(";", numbers(1, 90), some(*TOWNS), some(*STATES, seed=1)),
    "companies": joined(", ", some(*(f"Co{i}" for i in range(80))), some("Inc.", "LLC", "Ltd", seed=1)),
    "countries": some("Germany", "Korea, Republic of", "Korea, Democratic People's Republic of", "Congo, Republic of",
                      "Virgin Islands, U.S.", "Virgin Islands, British", "Moldova, Republic of", "France"),
    "job titles": some("CEO, Founder", "Founder, CEO", "CTO", "VP, Sales", "VP, Marketing", "Director, IT", "CFO",
                       "Manager, IT", "Owner, CEO"),
    "two levels": joined(", ", some("Software", "Hardware", "Service"), some("B2B", "B2C", "Public", seed=1)),
    "breadcrumbs": some_levels("|", some("Home", "Shop"), some("A", "B", "C", seed=1), some("x", "y", "z", seed=2)),
    "campaign, medium, quarter": joined("|", some("google", "bing"), some("cpc", "organic", seed=1),
                                        some("q1", "q2", seed=2)),
    "variants": joined(", ", some("Shirt", "Hat"), some("red", "blue", seed=1), some("S", "M", "L", seed=2)),
    "free text": text(","),
    "free text with semicolons": text(";"),
    "decimal commas": joined(",", numbers(1, 40), numbers(0, 99, seed=1)),
    "decimal commas with a unit": [f"{one} h" for one in joined(",", numbers(1, 20), numbers(0, 9, seed=1))],
    "few decimal commas": joined(",", numbers(1, 6), numbers(1, 6, seed=1)),
    "thousands": [f"{int(one):,}" for one in np.exp(np.random.default_rng(0).normal(10, 3, LEADS))],
    "amounts": [f"EUR {a},{50 * b:03d}" for a, b in zip(numbers(1, 9), numbers(0, 20, seed=1), strict=True)],
    "amounts in two currencies": [f"{a},000 EUR; {b},000 USD" for a, b in zip(numbers(1, 40), numbers(1, 40, seed=1),
                                                                            strict=True)],
    "employees": some("1-10", "11-50", "51-200", "201-500", "501-1,000", "1,001-5,000", "5,001-10,000", "10,001+"),
    "dates": [f"{a} {b}, {c}" for a, b, c in zip(some("Jan", "Feb"), numbers(1, 28), numbers(2023, 2026, seed=1),
                                                 strict=True)],
    "ratings": joined(";", *(numbers(1, 6, seed=i) for i in range(4))),
    "flags": joined("|", *(numbers(0, 2, seed=i) for i in range(4))),
    "e-mail addresses": [f"a{i}@x.com;b{i}@y.com" for i in numbers(0, 900)],
    "telephone numbers": [f"+49 {i}; +49 {i + 7}" for i in numbers(10**6, 10**7)],
    "two choices": [";".join(row) for row in picks(("A", "B"), 0.5)],
    "one choice": list(some(*SIX)),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_column_that_only_looks_like_lists_stays_what_it_is(name: str) -> None:
    assert guess(list(LOOK_ALIKES[name])) is None
