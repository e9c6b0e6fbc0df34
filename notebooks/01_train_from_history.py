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
# A first half hour with leadqual: look at the export, say what each column is, label outcomes as of a date, train,
# judge the scores on later leads, score the leads that are still open, and see what a demand of the teams costs.
#
# The leads are the export in `../data`: 3,000 simulated ones, so that in two sections we can do what nobody can
# with real leads, and compare with each lead's true probability. All of it runs in under a minute.

# %%
import tempfile
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from leadqual import Capacity, Schema, Scorer, label_outcomes, points_from_rules, read_leads, sentences, train
from leadqual.evaluation import Prediction, compare, gains, outcome_distribution, time_blocks
from leadqual.evaluation.plots import gain_plot, reliability_plot, score_plot
from leadqual.inference import infer_schema
from leadqual.leads import read_table
from leadqual.scorecard import Cap, Direction, Pin, lead_points

# %matplotlib inline
pd.set_option("display.max_colwidth", 120)
DATA = Path("../data")

# %% [markdown]
# ## The export
#
# Everything is read as text, as the CRM wrote it: numbers with thousands separators, "Select" where nobody chose.

# %%
table = read_table(DATA / "leads.csv")
table.head(3).T

# %% [markdown]
# ## What each column is
#
# `infer_schema` guesses, and gives its reasons. Read them all.

# %%
guessed = infer_schema(table)
for column, why in guessed.why.items():
    print(f"{column:16} {why}")

# %% [markdown]
# One thing no program can see in a single export is *when* a column was filled in. Sales log calls while they work a
# lead, and go on after it has won, so `Calls Logged` tells the outcome, and the day a lead comes in it is 0. The guess
# calls it `unknown`, and a person must settle it. `leadqual init leads.csv` writes the guess as a file for that;
# `leads.toml` is this file after the edit, which also says what each field is evidence of.

# %%
schema = Schema.read(DATA / "leads.toml")
before = {feature.name: feature.known for feature in guessed.schema.features}
[(feature.name, before[feature.name], "->", feature.known) for feature in schema.features if feature.known == "later"]

# %% [markdown]
# ## Outcomes, as of a date
#
# An open lead is not a lost lead. Each lead has 90 days to win. It counts once they have passed: 1 if it won in time,
# else 0. Younger leads stay undecided, even those already won: the quick wins among them would flatter.

# %%
leads = read_leads(table, schema)
outcomes = label_outcomes(leads, window_days=90)
print(f"as of {outcomes.as_of}: {outcomes.won} won, {outcomes.lost} not won, {outcomes.open} undecided")

# %% [markdown]
# What the two usual shortcuts do to the win rate, beside the truth:

# %%
truth = pd.read_csv(DATA / "truth.csv")["probability"]
won_so_far, closed = table["Status"].isin(schema.won), ~table["Status"].isin(schema.open)
pd.Series(
    {
        "true mean probability": truth.mean(),
        "leads whose 90 days have passed": outcomes.label[outcomes.mature].mean(),
        "shortcut 1: an open lead counts as lost": won_so_far.mean(),
        "shortcut 2: closed leads only": won_so_far[closed].mean(),
    },
    name="win rate",
).map("{:.1%}".format).to_frame()

# %% [markdown]
# Shortcut 1 comes close by luck: it counts wins that came after 90 days, and takes the youngest leads for lost. Month
# by month it shows:

# %%
created = leads.table[schema.created_at]
month = created.dt.to_period("M")
by_month = pd.DataFrame(
    {
        "open counts as lost": won_so_far.groupby(month).mean(),
        # a month counts when the 90 days of all its leads have passed
        "90 days passed": pd.Series(np.where(outcomes.mature, outcomes.label, np.nan))
        .groupby(month)
        .mean(skipna=False),
        "truth": truth.groupby(month).mean(),
    }
)
figure, axes = plt.subplots(figsize=(6.8, 3), layout="constrained")
position = range(len(by_month))
axes.plot(position, by_month["truth"], color="#666666", linestyle=":", label="truth")
axes.plot(position, by_month["90 days passed"], color="#0072B2", marker="o", markersize=4, label="90 days passed")
axes.plot(position, by_month["open counts as lost"], color="#D55E00", linestyle="--", label="open counts as lost")
axes.set_xticks(list(position)[::3], [str(one) for one in by_month.index[::3]])
axes.set(title="Win rate by month of creation", ylim=(0, None), yticks=[0, 0.05, 0.1, 0.15])
axes.yaxis.set_major_formatter("{x:.0%}")
axes.spines[["top", "right"]].set_visible(False)
axes.legend(frameon=False)
plt.show()

# %% [markdown]
# ## Train
#
# One call: it looks for fields that know the outcome, fits a card to the earlier leads, judges it on the last quarter,
# then fits the card to deploy to all mature leads, with the same settings. `prior` is today's hand-made rule: the fit
# starts from it, and it is the yardstick. Sales can work 10 leads a week; the thresholds follow from that.

# %%
rule = points_from_rules(DATA / "rules.toml")
ten_a_week = Capacity(per_week=10)
training = train(leads, name="first-half-hour", prior=rule, capacity=ten_a_week)
training

# %% [markdown]
# What was assumed, doubted, or could not be checked. Never skip this:

# %%
for sentence in sentences((*training.notes, *training.warnings)):
    print("-", sentence)
for check in training.audit.not_applicable:
    print(f"- {check.code}:", *sentences((check.reason, check.remedy)))

# %% [markdown]
# ## The points table
#
# This is the whole model. 20 points double the odds of winning; 100 points are the odds of the base rate. A lead's
# points are where it starts, plus its band's points in each field.

# %%
training.bundle.points_table

# %% [markdown]
# ## How it held up on later leads
#
# The test is the last quarter in time. Neither the card nor its probabilities had seen these leads, or any outcome
# that was unknown when they came in. Do the probabilities come true?

# %%
held_out, evidence = training.held_out, training.bundle.evidence
reliability_plot(evidence.reliability)

# %% [markdown]
# With a few wins in most groups, the bars are wide; all that can be said is that nothing contradicts the promise.
# If sales work the best leads first, how many of the wins do they meet?

# %%
policy = training.bundle.policy
curves = {
    "scorecard": gains(held_out.won, held_out.points),
    "today's rule": gains(held_out.won, held_out.prior_points),
}
gain_plot(curves, capacity_share=policy.capacity_share)

# %% [markdown]
# And are won leads above the thresholds of the card that is deployed?

# %%
score_plot(
    outcome_distribution(held_out.won, held_out.points, width=10),
    thresholds={"MQL": policy.mql_points, "SQL": policy.sql_points},
)

# %% [markdown]
# ## Today's rule beside the card
#
# The rule is a points table too, on the same scale, so the two can be read side by side. What a value is worth, less
# the mean over all leads:


# %%
def worth(points_table, field):
    """Points of each value of a field, less their mean over all leads."""
    alone = replace(points_table, fields=(points_table.field(field),))
    points = pd.Series(lead_points(alone, table))
    values = table[field].fillna("missing").replace("Select", "missing")
    return (points - points.mean()).groupby(values).first().round().astype(int)


both = {"today's rule": rule, "scorecard": training.bundle.points_table}
pd.concat(
    {field: pd.DataFrame({who: worth(one, field) for who, one in both.items()}) for field in ("Campaign", "Region")},
    names=["field", "value"],
).sort_values(["field", "scorecard"], ascending=[True, False])

# %% [markdown]
# History disagrees with the rule about trade shows, and keeps some of its liking for North America: the fit starts from
# the rule, and moves as far as the outcomes carry it. What became of the later leads that both call
# an MQL, and of those where they disagree?

# %%
verdict = pd.DataFrame(
    {
        "today's rule": np.where(held_out.prior_points >= 30, "MQL", "no"),
        "scorecard": np.where(held_out.points >= policy.mql_points, "MQL", "no"),
        "won": held_out.won.astype(int),
    }
)
verdict.groupby(["today's rule", "scorecard"])["won"].agg(leads="size", wins="sum", win_rate="mean").round(3)

# %% [markdown]
# Where both say no, hardly a lead was won. Where they disagree there are too few wins to say who is right.
#
# ## Score the open leads
#
# The bundle is one JSON file. `Scorer` reads it with Python's standard library alone, so an app needs no pandas; with
# pandas there, it scores whole tables. A lead open for more than 90 days has missed its window, so only younger ones
# are scored.

# %%
folder = tempfile.TemporaryDirectory()
path = training.bundle.save(Path(folder.name) / "first-half-hour.json")
scorer = Scorer.load(path)
print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB; the same when read again: {scorer.bundle == training.bundle}")

# %%
in_window = pd.Timestamp(outcomes.as_of) - created.dt.normalize() < pd.Timedelta(days=90)
waiting = table[in_window & table["Status"].isin(schema.open)].set_index("Lead ID")
scores = scorer.score(waiting, reasons=2).sort_values("points", ascending=False, kind="stable")
shown = ["points", "probability", "low", "high", "grade", "follow_up_hours", "reasons_for", "reasons_against"]
print(f"{len(waiting)} open leads;", ", ".join(f"{n} {grade}" for grade, n in scores["grade"].value_counts().items()))
scores[shown].head(5).round(3)

# %% [markdown]
# One lead, as an app would ask. All reasons together are exactly the lead's points less those of the average lead:

# %%
lead = waiting.loc[scores.index[scores["grade"] == "C"][0]].to_dict()
score = scorer.score_one(lead)
average = scorer.bundle.points_table.average_points
print(f"{average} for the average lead + {sum(reason.points for reason in score.reasons)} = {score.points} points")
score

# %% [markdown]
# What would lift it a grade, among what a person can change or find out:

# %%
following = scorer.next_grade(lead)
print(f"points missing to grade {following.grade}: {following.points_needed}; enough alone:")
for change in following.changes:
    print("-", change)

# %% [markdown]
# ## What a demand costs
#
# Suppose the teams say: more minutes on the site must never count against a lead; need may weigh 25 points at most;
# and trade shows are worth 15 points, as agreed. Constraints hold during the fit, so other fields take up what they
# can.

# %%
demands = (
    Direction("Minutes on Site", "up"),
    Cap("Need", at_most=25, at_least=-25),
    Pin("Campaign", 15, ("Trade Show",)),
)
constrained = train(leads, name="constrained", prior=rule, capacity=ten_a_week, constraints=demands)

for demand in demands:
    print(demand)
    for who, trained in {"free": training, "constrained": constrained}.items():
        bands = trained.bundle.points_table.field(demand.field).bands
        print(f"  {who:12}", ", ".join(f"{band.label} {band.points:+d}" for band in bands))

# %% [markdown]
# The cost on the same later leads, with a 95 % interval that draws whole weeks again:

# %%
said = {
    who: Prediction(trained.held_out.probability, trained.held_out.points)
    for who, trained in {"constrained": constrained, "free": training}.items()
}
weeks = time_blocks(outcomes.time[held_out.split.test], dated=True)
cost = compare(held_out.won, said, weeks)
names = {"log_loss": "log loss", "auc": "AUC", "wins_in_top_20": "wins in the top 20 %"}
pd.DataFrame(
    {
        label: {
            "free": cost.performance("free").value(name),
            "constrained": cost.performance("constrained").value(name),
            "difference": cost.difference("free", name).value,
            "low": cost.difference("free", name).low,
            "high": cost.difference("free", name).high,
        }
        for name, label in names.items()
    }
).T.round(4)

# %% [markdown]
# Every interval holds 0: on these leads, no cost can be told from chance.
#
# ## Against the truth
#
# Only a simulation knows each lead's true probability, so only here can we look behind the outcomes. We take the leads
# that are still undecided: no card has learned from them.

# %%
unseen = np.flatnonzero(~outcomes.mature)
true = truth.to_numpy()[unseen]
promised = scorer.score(table.iloc[unseen], reasons=0)
group = pd.qcut(promised["points"].rank(method="first"), 8, labels=False).to_numpy()
centre = pd.DataFrame({"promised": promised["probability"].to_numpy(), "true": true}).groupby(group).mean()
curve = scorer.bundle.curve
points = np.arange(curve.first_points, curve.last_points + 1)

figure, axes = plt.subplots(figsize=(6.8, 4), layout="constrained")
axes.scatter(promised["points"], true, s=8, color="#BBBBBB", label="a lead's true probability")
axes.plot(points, curve.probability, color="#0072B2", label="promised at these points")
axes.fill_between(points, curve.low, curve.high, color="#0072B2", alpha=0.12, linewidth=0, label="95 % interval")
axes.plot(
    promised["points"].groupby(group).mean().to_numpy(),
    centre["true"],
    "o",
    color="#D55E00",
    label="true mean of an eighth",
)
axes.set(title="Points, promise and truth", xlabel="Points", ylim=(0, 1))
axes.yaxis.set_major_formatter("{x:.0%}")
axes.spines[["top", "right"]].set_visible(False)
axes.legend(frameon=False, loc="upper left")
plt.show()

# %% [markdown]
# The promise runs through the true means. Around it leads with the same points still differ: what the fields do not
# say, and what a sum of points cannot.
#
# The cost of the demands again, now without the noise of outcomes: the log loss to expect, given the true
# probabilities. No score can have less than the truth itself.

# %%
probability = {
    "base rate": np.full(len(true), training.bundle.base_rate),
    "constrained": Scorer(constrained.bundle).score(table.iloc[unseen], reasons=0)["probability"].to_numpy(),
    "free": promised["probability"].to_numpy(),
    "the truth": true,
}
expected = {who: -np.mean(true * np.log(p) + (1 - true) * np.log(1 - p)) for who, p in probability.items()}
pd.Series(expected, name="expected log loss").round(4).to_frame()

# %% [markdown]
# So the demands did have a price, and a small one: on real leads it would have gone unseen.

# %% [markdown]
# ## Next
#
# - Your own export: `leadqual init leads.csv`, settle in `leads.toml` when each field is known, then
#   `leadqual train leads.csv --capacity 10/week`.
# - Today's rule and the teams' demands as files: `--prior rules.toml`, `--constraints constraints.toml`.
# - In an app: `Scorer.load("models/leads.json").score_one({...})`, with nothing installed but `leadqual`.
# - What every number means, and where it ends: the [README](../README.md).

# %%
folder.cleanup()
