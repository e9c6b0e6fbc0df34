"""Bundles of earlier formats are read, and what was signed stays signed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from leadqual.bundle import Bundle
from leadqual.bundle.format import FORMAT, dumps, loads
from leadqual.errors import BundleError

FIRST = Path(__file__).with_name("format_1.json")


def test_a_file_of_the_first_format_is_read_and_what_was_signed_stays_signed():
    """It was saved before a policy said what is drawn at random."""
    old = FIRST.read_text()
    found, recorded = loads(old, Bundle), json.loads(old)
    assert (recorded["format"], found.policy.explore, found.digest) == (1, None, recorded["digest"])
    again = json.loads(dumps(found))
    assert (again["format"], again["digest"]) == (FORMAT, recorded["digest"])
    assert loads(dumps(found), Bundle) == found
    assert replace(found, policy=replace(found.policy, explore=0.1)).digest != found.digest


@pytest.mark.parametrize("part", ["policy", "points_table"])
def test_a_file_of_the_first_format_without_a_part_that_later_formats_added_to_is_refused(part):
    said = json.loads(FIRST.read_text())
    del said[part]
    with pytest.raises(BundleError, match=f"{part} is missing"):
        loads(json.dumps(said), Bundle)


def test_a_file_of_the_second_format_must_say_what_is_drawn(bundle):
    said = json.loads(dumps(bundle))
    del said["policy"]["explore"]
    with pytest.raises(BundleError, match=r"policy\.explore is missing"):
        loads(json.dumps(said), Bundle)


def test_a_file_of_the_second_format_is_read_by_its_own_rule_and_what_was_signed_stays_signed():
    """It was saved before fields had aliases, lists of choices, or a rule of reading."""
    old = FIRST.with_name("format_2.json").read_text()
    found, recorded = loads(old, Bundle), json.loads(old)
    assert (recorded["format"], found.points_table.reading, found.digest) == (2, 1, recorded["digest"])
    assert json.loads(dumps(found))["digest"] == recorded["digest"]
    assert replace(found, points_table=replace(found.points_table, reading=2)).digest != found.digest
