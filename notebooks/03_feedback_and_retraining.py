# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Feedback and retraining: a year and a half of the loop
#
# A bundle is deployed. Leads come, sales work some of them, outcomes become known months later, and in the fourth month
# the market turns: leads like these win less often than before. What notices it, what is done about it, who decides?
#
# Everything here is simulated (`leadqual.leads.simulate`), so that the truth is known. With your own leads an app
# calls `ScoreRecorder` and `FeedbackWriter` after scoring, `leadqual feedback import` reads the CRM, and cron runs
# `leadqual loop --once`.

# %%
import os
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from leadqual import Bundle, Scorer, read_leads, simulate, train
from leadqual.agreement import Ledger, signed
from leadqual.feedback import (
    Event,
    FeedbackStore,
    feedback_history,
    feedback_status,
    lead_standing,
    replay,
    scored_table,
)
from leadqual.monitoring import matured_leads, monitor, watch_calibration
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import monitoring_table
from leadqual.retraining import Registry, draw_at_random, run_loop
from leadqual.simulation import SampleSettings

os.environ["MLFLOW_LOGGING_LEVEL"] = "ERROR"
warnings.filterwarnings("ignore", message="IProgress")
# %matplotlib inline
START, MONTHS, A_MONTH, CAPACITY, TURN, SHIFT = pd.Timestamp("2026-01-01"), 18, 600, 180, 3, -0.9
sample = simulate(SampleSettings(leads=4000 + MONTHS * A_MONTH, drift=0.0, season=0.0), seed=5)
past = sample.table.head(4000)
champion = train(read_leads(past, sample.schema), name="demo").bundle
champion

# %% [markdown]
# ## The first champion is signed and promoted
#
# Nothing unsigned is promoted. Runs and versions live in MLflow; the bundle is fetched as the file that it is, and
# nothing is executed (`Scorer.from_registry`).

# %%
folder = Path(tempfile.mkdtemp())
registry = Registry("demo", f"sqlite:///{folder / 'mlflow.db'}")
ledger, store = Ledger(folder / "agreement.db"), FeedbackStore(folder / "feedback.db")


def both_sign(bundle: Bundle, at: str) -> Bundle:
    ledger.record_bundle(bundle, recorded_at=at)
    for name, role in (("Ana", "sales"), ("Ben", "marketing")):
        bundle = signed(bundle, name=name, role=role, signed_at=at)
        ledger.record_sign_off(bundle.sign_offs[-1])
    return bundle


champion = both_sign(champion, "2026-01-01T00:00:00+00:00")
registry.promote(registry.register(champion, kind="train"), champion=None)
print(Scorer.from_registry("demo", tracking_uri=registry.tracking_uri).bundle == champion)

# %% [markdown]
# ## The months
#
# Each month sales can work 180 of the 600 leads that come. A tenth of these are drawn at random before anyone looks at
# the scores: they keep the loop honest, since unworked leads look lost whatever they were worth (here they win at 2 %
# of their rate). The others are the best by points. Each event says when it happened and when it was known.

# %%
rng = np.random.default_rng(0)
truth = sample.truth["if_worked"].to_numpy()


def month_of(number: int, model: Bundle) -> tuple[list[Event], np.ndarray, np.ndarray]:
    """Return what happens to the leads of one month, their true chances if worked, and why they were picked."""
    rows = np.arange(4000 + number * A_MONTH, 4000 + (number + 1) * A_MONTH)
    odds = truth[rows] / (1 - truth[rows]) * np.exp(SHIFT if number >= TURN else 0.0)
    chance = odds / (1 + odds)
    times = START + pd.to_timedelta(30 * (number + np.sort(rng.uniform(0, 1, A_MONTH))), unit="D")
    table = sample.table.iloc[rows]
    points = Scorer(model).score(table)["points"].to_numpy()
    picked, propensity = draw_at_random(points, capacity=CAPACITY, explore=0.1, seed=number)
    won = rng.random(A_MONTH) < np.where(picked != "", chance, 0.02 * chance)
    drawn = [propensity if why == "random" else None for why in picked]
    at = [time.isoformat() for time in times]
    events = scored_table(model, table, id_field=sample.schema.id, at=at, picked=list(picked), propensity=drawn)
    for event, time, why, has in zip(list(events), times, picked, won, strict=True):
        if why:
            events.append(Event("worked", event.lead, (time + pd.Timedelta(hours=6)).isoformat()))
        if has:
            events.append(Event("won", event.lead, (time + pd.Timedelta(days=25)).isoformat(), {"value": 900.0}))
    return [replace(event, known_at=event.at) for event in events], chance, picked


rounds, live, deployed, english = [], [], champion, Language("en")
for number in range(MONTHS):
    events, chance, picked = month_of(number, deployed)
    store.append(events, known_at="2026-01-01")
    points = np.array([event.content["points"] for event in events[:A_MONTH]])
    said = {name: np.array([b.curve.at(int(p))[0] for p in points]) for name, b in (("loop", deployed),)}
    never = Scorer(champion).score(sample.table.iloc[4000 + number * A_MONTH : 4000 + (number + 1) * A_MONTH])
    low = np.argsort(points, kind="stable")[: int(0.8 * A_MONTH)]
    live.append(
        {
            "month": number + 1,
            "loop": said["loop"].sum() / chance.sum(),
            "never retrained": never["probability"].sum() / chance.sum(),
            "loop, low scores": said["loop"][low].sum() / chance[low].sum(),
            "worked at random": int((picked == "random").sum()),
            "wins by rank": chance[picked == "rank"].sum(),
            "wins at random": chance[picked == "random"].sum(),
            "wins forgone": np.sort(chance[picked == ""])[::-1][: int((picked == "random").sum())].sum(),
        }
    )
    end = str((START + pd.Timedelta(days=30 * (number + 1))).date())
    outcome = run_loop(registry, store, ledger, folder / "loop", as_of=end, now=f"{end}T06:00:00+00:00")
    rounds.append({"as of": end, "did": outcome.did, "why": english.joined(outcome.reasons[:1])})
    if outcome.did == "proposed":  # both teams look at it, and sign
        both_sign(Bundle.load(folder / "loop" / "challenger.json"), f"{end}T09:00:00+00:00")
    deployed = registry.bundle()
pd.set_option("display.max_colwidth", 110)
pd.DataFrame(rounds)

# %% [markdown]
# ## What was noticed, and when
#
# The evidence that probabilities no longer come true, week by week, as it stood when a challenger was proposed. It may
# be looked at every week: in two years without a change at most 5 % of such curves ever cross the line. Labels take
# 90 days to mature, and quick wins alone would mislead, so the earliest that anything can be known is three months on.

# %%
as_of = str((START + pd.Timedelta(days=30 * MONTHS)).date())
noticed = next(one["as of"] for one in rounds if one["did"] == "proposed")
first = feedback_history(store.events(as_of=noticed), as_of=noticed, bundle=champion.digest)
cohort = matured_leads(first, lead_standing(first, window_days=90, as_of=noticed))
print("as of", noticed + ",", english.words[f"basis_{cohort.holds_for}"])
found = watch_calibration(cohort.probability, cohort.won, cohort.week)
fig, ax = plt.subplots(figsize=(8, 3))
ax.semilogy(np.maximum(found.detection.statistic, 0.1))
ax.axhline(found.detection.limit, linestyle="--", color="tab:red")
ax.set(xlabel="week in which leads were scored", ylabel="evidence", title="Probabilities no longer come true")
plt.show()

# %% [markdown]
# ## What it was worth
#
# Predicted over true wins of each month's leads, had all been worked: 1 is right.

# %%
months = pd.DataFrame(live).set_index("month")
fig, ax = plt.subplots(figsize=(8, 3))
months[["never retrained", "loop", "loop, low scores"]].plot(ax=ax, marker="o", ms=3)
ax.axhline(1, color="grey", lw=0.8)
ax.axvline(TURN + 1, color="grey", lw=0.8, linestyle=":")
ax.set(ylabel="predicted / true")
plt.show()

# %% [markdown]
# ## What exploring cost and bought
#
# The random leads brought fewer wins than the next best by rank would have. From 200 matured ones on, figures hold for
# all leads, not only for leads like those that sales had picked; until then they say that they do not, as above.

# %%
cost = months["wins forgone"].sum() - months["wins at random"].sum()
every = months["wins by rank"].sum() + months["wins at random"].sum()
print(f"{months['worked at random'].sum()} leads worked at random cost about {cost:.0f} of {every:.0f} wins.")
fig, ax = plt.subplots(figsize=(8, 3))
months[["wins by rank", "wins at random", "wins forgone"]].plot.bar(ax=ax, width=0.85)
ax.set(ylabel="wins expected", title="What was worked each month, and what the random slice gave up")
plt.show()

# %% [markdown]
# ## What sales did, and any past score again
#
# The ledger holds bands, not values, so any past score can be recomputed with the bundle it names.

# %%
history = feedback_history(store.events(), as_of=as_of)
status = feedback_status(history, as_of=as_of, policy=deployed.policy)
past_scores = [event for event in store.events(kinds=["scored"]) if event.content["bundle"] == champion.digest]
print(all(replay(event, champion).agrees for event in past_scores[:500]))
pd.DataFrame([{"grade": g.grade, "leads": g.leads, "worked": g.worked, "won": g.won} for g in status.grades])

# %% [markdown]
# ## Today, and the way back
#
# The report on what is deployed now; and if a promotion was a mistake, `leadqual rollback` undoes it at once.

# %%
mine = feedback_history(store.events(), as_of=as_of, bundle=deployed.digest)
report = monitor(deployed, mine, as_of=as_of)
print("to do:", report.remedy or "nothing")
monitoring_table(report).query("field.isna()")[["code", "severity", "said"]]

# %%
before = registry.at("champion")
registry.rollback()
print(before.version, "->", registry.at("champion").version)
store.close()
ledger.close()
