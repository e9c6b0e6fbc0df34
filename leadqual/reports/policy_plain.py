"""What chose a policy, with its sentences, as plain data: for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from leadqual.reports.language import Language
from leadqual.thresholds import PolicyChoice, PolicyOption, Promise

__all__ = ["choice_plain", "promise_plain"]


def choice_plain(choice: PolicyChoice, language: Language) -> dict[str, Any]:
    """Return a policy beside the other ways to choose one.

    Parameters
    ----------
    choice
        See `leadqual.thresholds.choose`.
    language
        The language of its sentences.

    Examples
    --------
    >>> from leadqual.bundle import ProbabilityCurve
    >>> from leadqual.thresholds import Capacity, choose
    >>> curve = ProbabilityCurve(90, (0.1, 0.3), (0.0, 0.2), (0.2, 0.4), 0.95, "none", "", 100, 20)
    >>> made = choose("capacity", points=[90, 91, 91], curve=curve, base_rate=0.2, capacity=Capacity(share=1))
    >>> choice_plain(made, Language("en"))["chosen"]["policy"]["chosen_by"].split(".")[0]
    'Sales work all leads, so every lead is an MQL and an SQL'
    """

    def option(one: PolicyOption) -> dict[str, Any]:
        plain = asdict(one)
        plain["policy"]["chosen_by"] = language.joined(one.policy.chosen_by)
        return plain

    return {
        "chosen": option(choice.chosen),
        "others": [option(one) for one in choice.others],
        "gives_up": [language.joined(found) for found in choice.gives_up],
    }


def promise_plain(promise: Promise | None, language: Language) -> dict[str, Any] | None:
    """Return what can be promised; None where nothing was asked for.

    Parameters
    ----------
    promise
        See `leadqual.thresholds.certify_precision`.
    language
        The language of its sentence.
    """
    if promise is None:
        return None
    figures = asdict(promise)
    del figures["reason"]
    return figures | {"said": language.say(promise.reason)}
