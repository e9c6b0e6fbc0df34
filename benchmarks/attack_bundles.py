"""Bundles damaged and rewritten in many ways: each is refused in a sentence, or scores as a bundle must.

    python -m benchmarks.attack_bundles                      # 100,000 mutations of the sample's bundle
    python -m benchmarks.attack_bundles --mutations 3000 --bundle models/other.json

A third is damage to the text, a third are other values under the old digest, and a third are other values with digest,
checksum and sign-offs computed anew, as somebody who can run Python could. Ends with code 1 where anything but a
refusal was raised, a change went unnoticed, or what was loaded does not score.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.machine import described, table
from leadqual.bundle import Bundle
from leadqual.bundle import format as bundle_format
from leadqual.bundle.layout import read_bundle
from leadqual.errors import BundleError
from leadqual.scorer import Scorer

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 7, 2**53 + 1, 10**400, -(10**400), 0.5, -0.0, 1e308, -1e308, 1e-320),
    *("", " ", "x", "0", "\ud800", "\u0000", "\u202e", "é" * 500, "2026-05-01", "NaN"),
    *([], [None], [[]], {}, {"x": 1}, [0] * 50),
)
_MAX_NUMBER = 10**290
_LEADS: tuple[dict[str, object], ...] = (
    {},
    {"industry": "x", "employees": "1.234,5", "created_at": None},
    {"employees": math.inf, "country": "\ud800", "visits": "-"},
)


def main() -> None:
    """Attack, and print what came of it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.attack_bundles", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--mutations", type=int, default=100_000)
    parser.add_argument("--bundle", type=Path, default=Path(__file__).parent.parent / "models" / "sample.json")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3600.0, help="stop after so long, and say how far it came")
    chosen = parser.parse_args()
    text = chosen.bundle.read_text("utf-8")
    whole = bundle_format.loads(text, Bundle)
    rng = random.Random(chosen.seed)  # noqa: S311  # it only chooses what to change
    ways: tuple[tuple[str, Callable[[str, random.Random], str], bool], ...] = (
        ("damage to the text", _damaged, False),
        ("other values, old digest", _revalued, False),
        ("other values, digests computed anew", _forged, True),
    )
    counts: dict[str, Counter[str]] = {name: Counter() for name, _, _ in ways}
    begun = time.perf_counter()
    for number in range(chosen.mutations):
        name, mutate, forged = ways[number % len(ways)]
        mutated = mutate(text, rng)
        result = _tried(mutated, whole, forged=forged)
        counts[name][result] += 1
        if result not in ("refused", "scores", "unchanged"):
            print(f"mutation {number} ({name}): {result}", flush=True)
        if time.perf_counter() - begun > chosen.seconds:
            break
    kinds = ("refused", "scores", "unchanged")
    rows = []
    for name, found in counts.items():
        faults = sum(found.values()) - sum(found[kind] for kind in kinds)
        rows.append([name, f"{sum(found.values()):,}", *(f"{found[kind]:,}" for kind in kinds), str(faults)])
    print(described())
    print(f"{time.perf_counter() - begun:.0f} seconds.")
    print(table(["mutation", "tried", *kinds, "faults"], rows))
    raise SystemExit(1 if any(int(row[-1]) for row in rows) else 0)


def _tried(text: str, whole: Bundle, *, forged: bool) -> str:
    """Return what became of a mutated text: refused, scores, unchanged, or what is wrong."""
    try:
        try:
            found = bundle_format.loads(text.encode("utf-8", "surrogatepass").decode("utf-8"), Bundle)
        except UnicodeDecodeError:
            return "refused"  # by `load`, which reads bytes
        except BundleError as error:
            result = str(error)
            return "refused" if "\n" not in result and result.endswith(".") else "a refusal that is no sentence"
        if found == whole:
            return "unchanged"
        if not forged:
            return "a change that nobody noticed"
        if bundle_format.loads(bundle_format.dumps(found), Bundle) != found:
            return "a bundle that does not come back as it was"
        scorer = Scorer(found)
        for lead in _LEADS:
            score = scorer.score_one(lead)
            if not (isinstance(score.points, int) and 0 <= score.probability <= 1 and 0 <= score.score <= 100):
                return "a score that is none"
    except Exception as error:  # any other error is what this looks for: it is returned and counted
        return f"{type(error).__name__}: {error}"[:200]
    return "scores"


def _damaged(text: str, rng: random.Random) -> str:
    at, length = rng.randrange(len(text)), rng.choice((1, 1, 1, 2, 5, 50, 2000))
    part = text[at : at + length]
    new: str = rng.choice(
        (
            "",
            part * 2,
            chr(rng.randrange(1, 0x3000)),
            rng.choice('0123456789.-+eE"\\[]{},: \n\t'),
            part[::-1],
            text[rng.randrange(len(text)) :][: len(part)],
        )
    )
    if rng.random() < 0.05:
        return text[:at]
    return text[:at] + new + text[at + length :]


def _revalued(text: str, rng: random.Random) -> str:
    value = json.loads(text)
    _change(value, rng)
    return json.dumps(value)


def _forged(text: str, rng: random.Random) -> str:
    value = json.loads(text)
    _change(value, rng)
    try:
        rest = {key: entry for key, entry in value.items() if key not in bundle_format._ADDED}
        upgraded = bundle_format._upgraded(copy.deepcopy(rest), value["format"])
        value["digest"] = bundle_format._digest(read_bundle(upgraded, Bundle))
        for sign_off in value["sign_offs"]:
            sign_off["digest"] = value["digest"]
    except Exception:  # then it is refused for what it holds, before any digest is looked at
        return _text(value)
    return _text(value)


def _change(value: dict[str, Any], rng: random.Random) -> None:
    """Change one to three places of a parsed bundle."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        parent, key = _place(value, rng)
        old, act = parent[key], rng.randrange(6)
        if act == 0:
            del parent[key]
        elif act == 1 and type(old) in (int, float) and abs(old) < _MAX_NUMBER:
            parent[key] = rng.choice((old + 1, -old, old * 1e9, old / 3, type(old)(0), float(old)))
        elif act == 2 and isinstance(parent, list):
            parent.insert(rng.randrange(len(parent) + 1), copy.deepcopy(old))
        elif act == 3 and isinstance(parent, dict):
            parent[f"{key}x"] = copy.deepcopy(old)
        elif act == 4:
            other, name = _place(value, rng)
            parent[key] = copy.deepcopy(other[name])
        else:
            parent[key] = rng.choice(_ODD)


def _place(value: Any, rng: random.Random) -> tuple[Any, Any]:
    """Return a place at random: what holds it, and its key; each level is as likely as the others."""
    depth = rng.randrange(1, 8)
    while True:
        key = rng.choice(list(value)) if isinstance(value, dict) else rng.randrange(len(value))
        depth -= 1
        if depth <= 0 or not isinstance(value[key], (dict, list)) or not value[key]:
            return value, key
        value = value[key]


def _text(value: dict[str, Any]) -> str:
    """Return a bundle's text with a checksum that holds."""
    rest = {key: entry for key, entry in value.items() if key != "checksum"}
    body = json.dumps(rest).removesuffix("}")
    return body + bundle_format._closing(body)


if __name__ == "__main__":
    main()
