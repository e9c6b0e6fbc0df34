"""The file of a bundle: one JSON text with a version, a digest of what was agreed and a checksum over everything.

The checksum finds damage and edits by hand, not forgery: whoever can run Python can compute it. What both teams
accepted is held by `digest`, which sign-offs name.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from leadqual.bundle.audit import audit
from leadqual.bundle.contents import Contents
from leadqual.bundle.declared import with_later_keys, without_unused
from leadqual.bundle.layout import plain, read_bundle, render
from leadqual.errors import BundleError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMAT", "digest", "dumps", "load", "loads", "save"]

B = TypeVar("B", bound=Contents)
FORMAT = 4
AGREED = ("window_days", "base_rate", "points_table", "curve", "scale", "policy", "constraints")

_ADDED = ("format", "digest", "checksum")
_REMEDY = "restore the file as it was saved, or train again"


def dumps(bundle: Contents) -> str:
    """Return the bundle as the text of its file: the same bundle gives the same text.

    Raises
    ------
    BundleError
        When the bundle contradicts itself: what `loads` would refuse is never written.
    """
    bundle, content = _checked(bundle)
    body = render({"format": FORMAT, **plain(bundle), "digest": content})
    return body.removesuffix("\n}") + _closing(body.removesuffix("\n}"))


def loads(text: str, build: Callable[..., B]) -> B:
    """Return the bundle in the text that `dumps` gave.

    Parameters
    ----------
    text
        The whole text; Windows line ends are taken as they are made by version control.
    build
        What to make of the contents: the class `leadqual.bundle.Bundle`.

    Raises
    ------
    BundleError
        In one sentence, when the text is not exactly what `dumps` gave.
    """
    text = text.replace("\r\n", "\n")
    value = _parsed(text)
    _check_version(value)
    for key in _ADDED:
        if key not in value:
            raise BundleError(f"The bundle is damaged: {key} is missing; {_REMEDY}.")
    rest = {key: entry for key, entry in value.items() if key not in _ADDED}
    try:
        bundle = read_bundle(with_later_keys(rest, Contents, value["format"]), build)
        audit(bundle)
        content = _digest(bundle)
        _check_sign_offs(bundle, content)
    except BundleError as error:
        raise BundleError(f"The bundle is damaged: {error}; {_REMEDY}.") from None
    _check_untouched(text, value, content)
    return bundle


def save(bundle: Contents, path: str | os.PathLike[str]) -> Path:
    """Write the bundle as one JSON file and return its path.

    A reader sees the old file or the new one, never half of one. Missing folders are made.

    Raises
    ------
    BundleError
        When the bundle contradicts itself, or the file cannot be written.
    """
    from pathlib import Path

    data = dumps(bundle).encode()
    target = os.path.realpath(path)
    unfinished = f"{target}.{os.urandom(6).hex()}.unfinished"
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120  # loading must not import pathlib
        try:
            with open(unfinished, "xb") as file:  # noqa: PTH123  # as above
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, target)  # noqa: PTH105  # as above
        except BaseException:
            with suppress(OSError):  # it was never made; the error that brought us here says more
                os.unlink(unfinished)  # noqa: PTH108  # as above
            raise
    except OSError as error:
        raise BundleError(
            f"{os.fspath(path)} cannot be written ({error.strerror}); save the bundle where you may write."
        ) from error
    return Path(path)


def load(path: str | os.PathLike[str], build: Callable[..., B]) -> B:
    """Read a bundle's file.

    Parameters
    ----------
    path
        Where it is.
    build
        As in `loads`.

    Raises
    ------
    BundleError
        In one sentence, when the file cannot be read or is not exactly what `save` wrote.
    """
    name = os.fspath(path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # loading must not import pathlib
            data = file.read()
    except OSError as error:
        raise BundleError(f"{name} cannot be read ({error.strerror}); give the path of a saved bundle.") from error
    try:
        return loads(data.decode(), build)
    except UnicodeDecodeError as error:
        raise BundleError(f"{name}: The bundle is damaged: byte {error.start + 1} is not UTF-8; {_REMEDY}.") from None
    except BundleError as error:
        raise BundleError(f"{name}: {error}") from None


def digest(bundle: Contents) -> str:
    """Return the SHA-256 (hexadecimal) of what both teams agree to.

    That is the schema's digest, the constraints, points table, probability curve, score scale, policy, window and
    base rate; not the name, evidence, sign-offs, or when and with which command it was made.

    Raises
    ------
    BundleError
        When the bundle contradicts itself.
    """
    return _checked(bundle, sign_offs=False)[1]


def _checked(bundle: Contents, *, sign_offs: bool = True) -> tuple[Contents, str]:
    """Return the bundle as `loads` would give it back, with its digest."""
    try:
        bundle = read_bundle(plain(bundle), Contents)
        audit(bundle)
        content = _digest(bundle)
        if sign_offs:
            _check_sign_offs(bundle, content)
    except BundleError as error:
        raise BundleError(f"The bundle contradicts itself: {error}; correct that part before you save it.") from None
    return bundle, content


def _digest(bundle: Contents) -> str:
    agreed = without_unused({part: plain(getattr(bundle, part)) for part in AGREED}, Contents)
    agreed["schema_digest"] = bundle.provenance.schema_digest
    return _sha256(json.dumps(agreed, sort_keys=True, separators=(",", ":")))


def _check_sign_offs(bundle: Contents, content: str) -> None:
    for i, sign_off in enumerate(bundle.sign_offs, 1):
        if sign_off.digest != content:
            raise BundleError(f"sign_offs[{i}].digest is for other content, must be the bundle's own digest")


def _check_version(value: dict[str, Any]) -> None:
    version = value.get("format")
    if version is None:
        raise BundleError(f"The bundle is damaged or not one: format is missing; {_REMEDY}.")
    if version.__class__ is not int:
        raise BundleError(f"The bundle is damaged: format must be a whole number; {_REMEDY}.")
    if version > FORMAT:
        raise BundleError(
            "The bundle was saved by a newer leadqual, in a format this one does not know (it reads formats 1 to "
            f"{FORMAT}); upgrade leadqual."
        )
    if version < 1:
        raise BundleError(
            f"The bundle has a format older than the first (this leadqual reads formats 1 to {FORMAT}); {_REMEDY}."
        )


def _check_untouched(text: str, value: dict[str, Any], content: str) -> None:
    if value["digest"] != content:
        raise BundleError(
            f"The bundle is damaged: its points, curve, scale, policy, constraints, window, base rate or schema digest "
            f"were changed after it was saved, as its digest tells; {_REMEDY}."
        )
    body = text.rpartition(',\n  "checksum": ')[0]
    if text != body + _closing(body):
        raise BundleError(
            f"The bundle is damaged: its text was changed after it was saved, as its checksum tells; {_REMEDY}."
        )


def _parsed(text: str) -> dict[str, Any]:
    if text.startswith("\ufeff"):
        raise BundleError(f"The bundle is damaged: it starts with a byte order mark, as some editors add; {_REMEDY}.")
    if not text.strip():
        raise BundleError(f"The bundle is damaged: it is empty; {_REMEDY}.")
    try:
        value = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        whole = text.rstrip().endswith("}") and error.pos < len(text.rstrip())
        broken_off = error.msg.startswith("Unterminated") or not (whole or error.msg == "Extra data")
        what = "breaks off" if broken_off else "is not JSON"
        raise BundleError(
            f"The bundle is damaged: it {what} in line {error.lineno}, column {error.colno}; {_REMEDY}."
        ) from None
    except RecursionError:
        raise BundleError(f"The bundle is damaged: it is nested too deep; {_REMEDY}.") from None
    except BundleError as error:
        raise BundleError(f"The bundle is damaged: {error}; {_REMEDY}.") from None
    except ValueError:  # a whole number of more digits than Python converts
        raise BundleError(f"The bundle is damaged: it holds a number far too long; {_REMEDY}.") from None
    if not isinstance(value, dict):
        raise BundleError(f"The bundle is damaged or not one: it must be a JSON object; {_REMEDY}.")
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BundleError("an object has the same key twice, must have each key once")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise BundleError(f"it holds {name}, must hold finite numbers")


def _closing(body: str) -> str:
    return f',\n  "checksum": "{_sha256(body)}"\n}}\n'


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
