"""The bundle: everything that is deployed, as one frozen value.

The file's format and the notebook's HTML are imported where they are used, so that whoever only holds a bundle does
not wait for them; neither knows this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadqual.bundle.contents import Contents

if TYPE_CHECKING:
    import os
    from pathlib import Path

__all__ = ["Bundle"]


@dataclass(frozen=True, slots=True, repr=False)
class Bundle(Contents):
    """Points, probability curve, policy, sign-offs and evidence: what the scorer reads.

    Parameters
    ----------
    name
        What people call it, usually the file's stem.
    window_days
        The window in which a win counts, in days; None where the history has no dates.
    base_rate
        Share of wins among the training leads.
    points_table, curve, scale, policy
        What a lead is worth, what that means, and what is owed to it.
    provenance
        Where it comes from.
    evidence
        How it held up on later leads; None where it was not measured.
    constraints
        The constraints it was fitted under; texts in bundles before format 4.
    id_field
        The column that names a lead; None when the history had none.
    account_field
        The column that names the account (company) a lead belongs to; None when the history had none.
    sign_offs
        Who accepted it; empty until someone has.
    """

    @property
    def digest(self) -> str:
        """SHA-256 over what both teams agree to: schema, constraints, points, calibration, policy and window."""
        from leadqual.bundle.format import digest

        return digest(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the bundle as one JSON file and return its path."""
        from leadqual.bundle.format import save

        return save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Bundle:
        """Read a bundle; raises BundleError, in one sentence, when the file is not exactly what `save` wrote."""
        from leadqual.bundle.format import load

        return load(path, cls)

    def __repr__(self) -> str:
        fields = len(self.points_table.fields)
        window = "no window" if self.window_days is None else f"won within {self.window_days} days"
        return f"Bundle({self.name!r}: {fields} fields, {window}, base rate {self.base_rate:.1%})"

    def _repr_html_(self) -> str | None:
        from leadqual.bundle.shown import shown_as_html

        return shown_as_html("bundle_html", self)
