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
# # Reviewing the weights together
#
# Marketing and sales look at the same points, see what they rest on, try what they think is right, see what it costs,
# settle, and sign. Here on the simulated history in `../data`; in a meeting the same happens on the review page
# (`leadqual review export models/sample.json --leads data/leads.csv --prior data/rules.toml --html review.html`).

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from leadqual import Bundle, Schema, label_outcomes, points_from_rules, read_leads
from leadqual.agreement import (
    CapBand,
    Edit,
    LeaveOut,
    Ledger,
    PinBand,
    Proposal,
    SetCapacity,
    agreement_on,
    amend,
    compose,
    explain_weights,
    hold_later,
    price,
    signed,
)
from leadqual.agreement.difference import difference

# %matplotlib inline
pd.set_option("display.width", 140)
DATA = Path("../data")
bundle = Bundle.load("../models/sample.json")
leads = read_leads(DATA / "leads.csv", Schema.read(DATA / "leads.toml"))
outcomes = label_outcomes(leads, window_days=bundle.window_days, as_of=bundle.provenance.as_of)

bundle.points_table

# %% [markdown]
# ## What the points rest on
#
# The deployed points have seen every mature lead, so nothing can be judged on those. `hold_later` keeps the last
# quarter apart and learns the points of the same bands again from the earlier leads alone.

# %%
held = hold_later(bundle, leads, outcomes, prior=points_from_rules(DATA / "rules.toml"))
weights = explain_weights(bundle, held)
weights

# %% [markdown]
# What each field adds, in log loss of the later leads and in wins at the capacity of sales, when all other points are
# learned again without it. An interval that holds 0 says: these later leads cannot tell.

# %%
pd.DataFrame(
    {
        "field": one.field,
        "adds log loss": round(one.log_loss.difference, 4),
        "from": round(one.log_loss.low, 4),
        "to": round(one.log_loss.high, 4),
        f"wins per {weights.wins_per}": round(one.wins.difference, 1),
        "points move by at most": one.spread,
    }
    for one in weights.fields
)

# %%
shown = list(reversed(weights.fields))
middle = [one.log_loss.difference for one in shown]
ends = [
    [one.log_loss.difference - one.log_loss.low for one in shown],
    [one.log_loss.high - one.log_loss.difference for one in shown],
]
figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
axes.errorbar(middle, range(len(shown)), xerr=ends, fmt="o", color="#0067a3", capsize=3)
axes.axvline(0, color="#888", linewidth=1)
axes.set_yticks(range(len(shown)), [one.field for one in shown])
axes.set_xlabel("log loss of later leads that rises without the field (95 %)")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# How stable the points are: those that each fifth of the history would give alone, in time order.

# %%
figure, panes = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True, layout="constrained")
for axes, one in zip(panes, weights.fields[:3], strict=True):
    for band in one.bands:
        axes.plot(range(1, 6), band.by_block, marker="o", label=f"{band.label} ({band.points:+d})")
    axes.set_title(one.field)
    axes.set_xlabel("fifth of the history")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=7)
panes[0].set_ylabel("points")
plt.show()

# %% [markdown]
# ## What edits cost
#
# Sales think that demo requests are worth less than they get; marketing would rather not ask for the region any more.

# %%
cap = Proposal(bundle.digest, name="sales").with_edit(
    Edit(CapBand("Intent", "Demo request", at_most=15), "Ana", "sales", "many only want to look")
)
region = Proposal(bundle.digest, name="marketing").with_edit(
    Edit(LeaveOut("Region"), "Ben", "marketing", "one question less in the form")
)
for proposal in (cap, region, compose(cap, region)):
    print(price(proposal, held))
    print(price(proposal, held, by="refit"), "(all other points learned again)")

# %% [markdown]
# How far down can demo requests go before it costs wins? Each cap is priced on the same later leads.

# %%
caps = list(range(-10, 40, 5))
priced = []
for points in caps:
    edit = Edit(CapBand("Intent", "Demo request", at_most=points))
    priced.append(price(Proposal(bundle.digest, (edit,)), held).measure("wins_at_capacity"))
figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
axes.fill_between(caps, [one.low for one in priced], [one.high for one in priced], color="#cfe0ee")
axes.plot(caps, [one.difference for one in priced], color="#0067a3")
axes.axhline(0, color="#888", linewidth=1)
axes.set_xlabel("most points for a demo request")
axes.set_ylabel("wins a quarter (95 %)")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# Edits that cannot both hold are named with those who want them, and nothing is priced until one is taken back.

# %%
quarrel = cap.with_edit(Edit(PinBand("Intent", "Demo request", 40), "Ben", "marketing"))
print(quarrel.conflicts[0].why)

# %% [markdown]
# ## Settled, signed, and void after any change

# %%
settled = cap.with_edit(Edit(SetCapacity(share=0.25), "Ana", "sales", "a new colleague from March"))
new = amend(bundle, settled, held)
change = difference(bundle, new, leads.table)
for field in change.fields:
    print(field.field, [(band.label, band.before, band.after) for band in field.bands])
for threshold in change.thresholds:
    print(f"{threshold.name}: {threshold.before} to {threshold.after}")
print(f"{change.regraded} of {change.leads} leads change grade")

# %%
new = signed(new, name="Ana", role="sales", signed_at="2026-03-02T09:00:00Z")
print(agreement_on(new))
new = signed(new, name="Ben", role="marketing", signed_at="2026-03-02T09:05:00Z", comment="until March")
print(agreement_on(new))

# %%
later = amend(new, Proposal(new.digest).with_edit(Edit(SetCapacity(share=0.2))), hold_later(new, leads, outcomes))
print(agreement_on(later))

# %% [markdown]
# Everything goes into a ledger that can be added to and never changed.

# %%
ledger = Ledger(Path(tempfile.mkdtemp()) / "agreement.db")
ledger.record_bundle(bundle, recorded_at="2026-03-02T08:00:00Z")
ledger.record_proposal(settled, recorded_at="2026-03-02T08:30:00Z")
ledger.record_bundle(new, recorded_at="2026-03-02T08:31:00Z")
for sign_off in new.sign_offs:
    ledger.record_sign_off(sign_off)
print(ledger.agreement(new.digest))
print("faults:", ledger.verify())
