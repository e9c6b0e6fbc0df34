"""What each team owes the other each week: the targets of the SLA, and whether they were met."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, fields
from math import isfinite
from pathlib import Path
from typing import Literal, Self

from leadqual.errors import MeetingError

__all__ = ["Duty", "Owner", "Sla"]

Owner = Literal["marketing", "sales"]
_KEYS = {
    "marketing": ("expected_wins_per_week", "leads_per_week"),
    "sales": ("first_attempt_in_time", "decided_within_hours", "decided_in_time", "outcomes_recorded"),
}
_SHARES = ("first_attempt_in_time", "decided_in_time", "outcomes_recorded")


@dataclass(frozen=True, slots=True)
class Sla:
    """The targets that both teams agreed on; None where nothing was agreed.

    Parameters
    ----------
    expected_wins_per_week
        Marketing: the wins to expect of the leads handed over in a week, the sum of their probabilities.
    leads_per_week
        Marketing: how many leads are handed over in a week.
    first_attempt_in_time
        Sales: the share of leads that are first worked before their deadline, 0 to 1.
    decided_within_hours
        Sales: within how many hours a lead is accepted or rejected, by the clock.
    decided_in_time
        Sales: the share of leads that are, 0 to 1.
    outcomes_recorded
        Sales: the share of worked leads with an outcome when their window has passed, 0 to 1.

    Raises
    ------
    MeetingError
        When a share is not from 0 to 1, another target is not positive, or ``decided_in_time`` comes without its hours.

    Examples
    --------
    >>> Sla(first_attempt_in_time=0.95).digest[:8]
    'e705eec3'
    """

    expected_wins_per_week: float | None = None
    leads_per_week: float | None = None
    first_attempt_in_time: float | None = None
    decided_within_hours: float | None = None
    decided_in_time: float | None = None
    outcomes_recorded: float | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value <= 0:
                raise MeetingError(f"{one.name} is {value!r}, it must be a number above 0; correct the SLA.")
            if one.name in _SHARES and value > 1:
                raise MeetingError(f"{one.name} is {value!r}, it must be a share up to 1; write 0.95 for 95%.")
        if (self.decided_in_time is None) != (self.decided_within_hours is None):
            raise MeetingError(
                "decided_in_time and decided_within_hours must be given together; add the one that is missing."
            )

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read a TOML file with the tables ``[marketing]`` and ``[sales]``.

        Parameters
        ----------
        path
            The file.

        Raises
        ------
        MeetingError
            When it cannot be read, or holds a key that is none of `Sla`'s, or in the other team's table.
        """
        try:
            found = tomllib.loads(Path(path).read_text("utf-8-sig"))
        except OSError as error:
            why = error.strerror or "it cannot be opened"
            raise MeetingError(f"the SLA {Path(path).name} cannot be read ({why}); name a TOML file.") from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise MeetingError(f"the SLA {Path(path).name} is no TOML ({error}), it must be; correct it.") from None
        targets: dict[str, float] = {}
        for owner, values in found.items():
            if owner not in _KEYS or not isinstance(values, dict):
                raise MeetingError(f"the SLA has {owner!r}, it must have the tables marketing and sales; correct it.")
            for key, value in values.items():
                if key not in _KEYS[owner]:
                    raise MeetingError(
                        f"[{owner}] has the key {key!r}, it must be one of {', '.join(_KEYS[owner])}; correct it."
                    )
                targets[key] = value
        return cls(**targets)

    @property
    def digest(self) -> str:
        """SHA-256 over its targets, as 64 hexadecimal digits: what is signed."""
        targets = {name: float(value) for name, value in asdict(self).items() if value is not None}
        return hashlib.sha256(json.dumps(["leadqual sla 1", targets], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that a team owes, in one week.

    Parameters
    ----------
    code
        ``"expected_wins"``, ``"leads"``, ``"first_attempt"``, ``"decided"`` or ``"outcomes"``.
    owner
        The team that owes it.
    now
        Wins, leads, or a share of 0 to 1; None where no lead fell under it.
    target
        What was agreed, in the same unit; None where nothing was.
    of
        How many leads a share is of; None where it is no share.
    course
        The same figure of each week before, as known when that week had ended, the oldest first; None for weeks without
        such a lead.
    """

    code: str
    owner: Owner
    now: float | None
    target: float | None
    of: int | None = None
    course: tuple[float | None, ...] = ()

    @property
    def kept(self) -> bool | None:
        """Whether the target was met; None where there is none, or no lead fell under it."""
        return _met(self.now, self.target)

    @property
    def weeks_missed(self) -> int:
        """How many weeks in a row it was missed, this one included; 0 where it was met."""
        missed = 0
        for value in (self.now, *reversed(self.course)):
            if _met(value, self.target) is not False:
                break
            missed += 1
        return missed


def _met(value: float | None, target: float | None) -> bool | None:
    return None if value is None or target is None else value >= target - 1e-9
