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
# # From won and lost leads to a points table
#
# A data scientist's first half hour with leadqual: look at the export, say what each column is, label outcomes
# honestly, train, judge on later leads, and score the open ones. The leads are the simulated export in `data/`,
# 3,000 of them, so everything here runs in under a minute, and, as nobody can with real leads, we can check
# probabilities against the truth at the end.

# %%
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from leadqual import Scorer, label_outcomes, points_from_rules, read_leads, train
from leadqual.evaluation import gains, outcome_distribution
from leadqual.evaluation.plots import gain_plot, reliability_plot, score_plot
from leadqual.leads import infer_schema, read_table
from leadqual.scorecard import Cap, Direction

# %matplotlib inline
DATA = Path("../data")

# %% [markdown]
# ## The export, and what each column is
#
# Everything is read as text, as the CRM wrote it. `infer_schema` says what it takes each column for, and why: read the
# reasons, they are guesses. (`leadqual init leads.csv` writes the same as a TOML file to edit.)

# %%
table = read_table(DATA / "leads.csv")
table.head(4).T

# %%
guessed = infer_schema(table)
for column, why in guessed.why.items():
    print(f"{column:16} {why}")

# %% [markdown]
# One thing no program can see in a single export: **when** a field was filled in. `Calls Logged` grows while sales work
# a lead, so a won lead has more calls than one nobody called. A model that sees it predicts the past. The schema
# beside the export says so: such a field is `known = "later"`, and is not scored.

# %%
from leadqual import Schema

schema = Schema.read(DATA / "leads.toml")
[(feature.name, feature.known) for feature in schema.features if feature.known != "at_creation"]

# %% [markdown]
# ## Outcomes, as of a date
#
# An open lead is not a lost lead. A lead counts once its window (90 days) has passed: won within it is 1, all else is
# 0. Leads that are younger stay out of training, won or not, since the quick wins among them would flatter.

# %%
leads = read_leads(table, schema)
outcomes = label_outcomes(leads, window_days=90)
print(
    f"{len(table):,} leads as of {outcomes.as_of}: {outcomes.won} won, {outcomes.lost} not, {outcomes.open} undecided"
)

# %% [markdown]
# ## Train
#
# `train` does the whole way: it fits a scorecard to the earlier leads, judges it on the last quarter, then fits the one
# to deploy to all mature leads. Today's hand-made rule goes in as `prior`: the fit starts from it, and it is the
# yardstick. The result shows itself.

# %%
rule = points_from_rules(DATA / "rules.toml")
training = train(leads, name="first-half-hour", prior=rule)
training

# %% [markdown]
# 20 points double the odds; 100 points are the odds of the average lead. What was assumed or could not be checked:

# %%
for sentence in (*training.notes, *training.warnings):
    print("-", sentence)

# %% [markdown]
# ## How it held up on later leads
#
# Every figure is from the last quarter in time, leads that neither the scorecard nor its curve had seen. First: are the
# probabilities true?

# %%
held_out = training.held_out
evidence = training.bundle.evidence
reliability_plot(evidence.reliability)

# %% [markdown]
# Then: if sales work the best leads first, how many of the wins do they meet?

# %%
curves = {
    "scorecard": gains(held_out.won, held_out.points),
    "today's rule": gains(held_out.won, held_out.prior_points),
}
gain_plot(curves, capacity_share=0.2)

# %%
policy = training.bundle.policy
score_plot(
    outcome_distribution(held_out.won, held_out.points, width=10),
    thresholds={"MQL": policy.mql_points, "SQL": policy.sql_points},
)

# %%
pd.DataFrame(
    {
        performance.who: {measure.name: measure.value for measure in performance.measures}
        for performance in evidence.performances
    }
).round(3)

# %% [markdown]
# ## Score the open leads
#
# The bundle is one JSON file. `Scorer` needs nothing but Python's standard library to read it; with pandas there, it
# scores whole tables.

# %%
folder = Path(tempfile.mkdtemp())
scorer = Scorer.load(training.bundle.save(folder / "first-half-hour.json"))
waiting = table[table["Status"].isin(schema.open)]
scores = scorer.score(waiting).assign(**{"Lead ID": waiting["Lead ID"].to_numpy()}).set_index("Lead ID")
scores.sort_values("points", ascending=False).head(5).T

# %% [markdown]
# One lead, with reasons that add up exactly:

# %%
best = waiting.iloc[int(np.argmax(scores["points"]))].to_dict()
score = scorer.score_one(best)
print(score)
print()
for reason in score.reasons[:6]:
    print(f"{reason.points:+4d}  {reason.field}: {reason.band}")
reference = scorer.bundle.points_table.average_points
print(f"\n{reference} (the average lead) + {sum(r.points for r in score.reasons)} = {score.points} points")

# %% [markdown]
# ## What the teams demand, and what it costs
#
# "More visits must never lower a score, and the campaign may weigh 15 points at most." Constraints hold during the fit,
# so the other fields take up what they can. The same later leads say what it costs.

# %%
demands = (Direction("Visits", "up"), Cap("Campaign", at_most=15, at_least=-15))
constrained = train(leads, name="constrained", prior=rule, constraints=demands)


def later(trained, name):
    return trained.bundle.evidence.performance("scorecard").value(name)


pd.DataFrame(
    {
        who: {name: later(trained, name) for name in ("log_loss", "auc", "wins_in_top_20")}
        for who, trained in {"free": training, "constrained": constrained}.items()
    }
).round(4)

# %%
for name in ("Visits", "Campaign"):
    field = constrained.bundle.points_table.field(name)
    print(name, [(band.label, band.points) for band in field.bands])

# %% [markdown]
# ## Against the truth
#
# Only a simulation knows each lead's true probability. Leads in ten groups by what was promised:

# %%
truth = pd.read_csv(DATA / "truth.csv")
everyone = scorer.score(table, reasons=0)
group = pd.qcut(everyone["probability"].rank(method="first"), 10, labels=False)
pd.DataFrame({"promised": everyone["probability"], "true": truth["probability"]}).groupby(group).mean().round(3)

# %%
inside = truth["probability"].groupby(group).mean()
low, high = everyone["low"].groupby(group).mean(), everyone["high"].groupby(group).mean()
print(
    f"the true win rate is inside the mean interval in {int(((inside >= low) & (inside <= high)).sum())} of 10 groups"
)

# %% [markdown]
# ## Next
#
# Do the same with your own export: `leadqual init leads.csv`, edit `leads.toml`, `leadqual train leads.csv`. Before you
# believe a score that looks too good, look at *when each field is known*.
