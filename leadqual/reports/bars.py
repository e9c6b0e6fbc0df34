"""Bars drawn with characters: shares, points on either side of zero, and probabilities with their interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

__all__ = ["Bars", "Style", "percent"]


class Style(NamedTuple):
    """The styles of the display; position and sign say the same as the colours, which may be off."""

    gain: str = "green"
    loss: str = "red"
    main: str = "cyan"
    quiet: str = "dim"
    strong: str = "bold"
    alarm: str = "yellow"


@dataclass(frozen=True, slots=True)
class Bars:
    """Draws bars with the characters that a terminal can show.

    Parameters
    ----------
    blocks
        One character per eighth of a cell, the full cell last; a single one where only whole cells can be shown.
    axis, line, point, rest
        The zero line; the interval; the value in it; what lies outside.
    """

    blocks: str = "▏▎▍▌▋▊▉█"
    axis: str = "│"
    line: str = "─"
    point: str = "●"
    rest: str = "·"

    @classmethod
    def for_console(cls, console: Console) -> Bars:
        """Return the bars that the console's encoding can show: plain ASCII where it is not Unicode."""
        if console.encoding.lower().replace("-", "").startswith("utf"):
            return cls()
        return cls(blocks="#", axis="|", line="-", point="o", rest=".")

    def share(self, share: float, width: int, style: str = Style().main) -> Text:
        """Return a bar of a share of 0 to 1, where ``width`` cells are 1.

        Examples
        --------
        >>> Bars().share(0.55, 10).plain, Bars(blocks="#").share(0.55, 10).plain
        ('█████▌', '######')
        """
        return Text(self._cells(min(max(share, 0.0), 1.0) * width), style, no_wrap=True)

    def either_side(self, points: float, widest: float, width: int) -> Text:
        """Return a bar to the right of the axis for points above 0, to its left below; ``width`` cells in all.

        Parameters
        ----------
        points
            What the bar stands for.
        widest
            The largest number of points, in absolute value, that fills one side.
        width
            Cells, odd: the axis and as many on either side of it.

        Examples
        --------
        >>> bars = Bars(blocks="#", axis="|")
        >>> bars.either_side(10, 10, 9).plain, bars.either_side(-5, 10, 9).plain
        ('    |####', '  ##|')
        """
        side = (width - 1) // 2
        length = side * min(abs(points) / widest, 1.0) if widest else 0.0
        if points < 0:
            # The blocks grow to the right only, so the left side shows whole cells.
            cells = max(round(length), 1)
            left = Text(" " * (side - cells)).append(self.blocks[-1] * cells, Style().loss)
            return left.append(self.axis, Style().quiet)
        return Text(" " * side).append(self.axis, Style().quiet).append(self._cells(length), Style().gain)

    def interval(self, low: float, value: float, high: float, top: float, width: int) -> Text:
        """Return a value in its interval on a scale from 0 to ``top``, ``width`` cells wide.

        Examples
        --------
        >>> Bars(line="-", point="o", rest=".").interval(0.2, 0.4, 0.6, 1.0, 10).plain
        '..--o--...'
        """
        first, at, last = (min(int(max(x, 0.0) / top * width), width - 1) for x in (low, value, high))
        text = (
            Text(no_wrap=True).append(self.rest * first, Style().quiet).append(self.line * (at - first), Style().main)
        )
        text.append(self.point, f"{Style().strong} {Style().main}").append(self.line * (last - at), Style().main)
        return text.append(self.rest * (width - 1 - last), Style().quiet)

    def promise(self, actual: float, predicted: float, top: float, width: int) -> Text:
        """Return a bar of what came, with the axis where it was promised; ``width`` cells are ``top``."""
        cells = list(self._cells(min(actual / top, 1.0) * width).ljust(width))
        cells[min(int(predicted / top * width), width - 1)] = self.axis
        text = Text("".join(cells).rstrip(), Style().main, no_wrap=True)
        text.highlight_words([self.axis], f"not dim {Style().strong}")
        return text

    def _cells(self, length: float) -> str:
        steps = len(self.blocks)
        eighths = round(length * steps)
        if length > 0:
            eighths = max(eighths, 1)
        whole, part = divmod(eighths, steps)
        return self.blocks[-1] * whole + (self.blocks[part - 1] if part else "")


def percent(share: float | None) -> str:
    """Return a share as people read it: a digit after the point where it is small; "" for None.

    Examples
    --------
    >>> percent(0.0421), percent(0.38), percent(None)
    ('4.2%', '38%', '')
    """
    if share is None:
        return ""
    return f"{share:.1%}" if share < 0.0995 else f"{share:.0%}"
