"""How often training says each of its sentences on steady histories, where nothing changes over time.

python -m benchmarks.sentences               # 80 histories of a simulated company
"""

from __future__ import annotations

import argparse
import re
from collections import Counter

from benchmarks.machine import described, table
from leadqual import sentences as said_of
from leadqual.errors import LeadqualError
from leadqual.leads import read_leads
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train

__all__ = ["main", "sentences_said"]


def sentences_said(*, histories: int, leads: int, seed: int = 0) -> Counter[str]:
    """Return in how many steady histories each sentence was said, without figures; refusals begin with "refused"."""
    counted: Counter[str] = Counter()
    for number in range(histories):
        sample = simulate(SampleSettings(leads=leads, drift=0.0, season=0.0), seed=seed + number)
        try:
            training = train(read_leads(sample.table, sample.schema), name="steady")
            sentences = {_kind(sentence) for sentence in said_of((*training.warnings, *training.notes))}
        except LeadqualError as error:
            sentences = {_kind(f"refused: {error}")}
        counted.update(sentences)
    return counted


def _kind(sentence: str) -> str:
    """Return the beginning of a sentence without its figures, names of fields left as they are."""
    return re.sub(r"\d[\d.,]*", "N", sentence)[:90]


def main() -> None:
    """Print how often each sentence is said, as a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentences", description=__doc__.split("\n\n")[0])
    parser.add_argument("--histories", type=int, default=80)
    parser.add_argument("--leads", type=int, default=4000)
    chosen = parser.parse_args()
    print(described())
    sentences = sentences_said(histories=chosen.histories, leads=chosen.leads)
    rows = [[sentence, f"{count} of {chosen.histories}"] for sentence, count in sentences.most_common()]
    print(table(["sentence", "said in"], rows))


if __name__ == "__main__":
    main()
