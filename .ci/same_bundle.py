"""Tells whether two bundles are equal apart from the library versions they were made with."""
# ruff: noqa: T201  # it tells

import dataclasses
import sys

from leadqual.bundle import Bundle

bundles = [Bundle.load(path) for path in sys.argv[1:3]]
plain = [
    dataclasses.replace(bundle, provenance=dataclasses.replace(bundle.provenance, versions=())) for bundle in bundles
]
different = [
    field.name for field in dataclasses.fields(Bundle) if len({repr(getattr(b, field.name)) for b in plain}) > 1
]
if different:
    sys.exit(f"{sys.argv[1]} is out of date in {', '.join(different)}; run `make sample` and commit what it writes")
print(f"{sys.argv[1]} is what training makes today")
