"""Whether the loop can be trusted: retraining under selection, false alarms, delays, promotions; judged by the truth.

python -m benchmarks.validity_loop rounds    # eight rounds in which sales work what the score says
python -m benchmarks.validity_loop quiet     # two years without change: alarms and promotions
python -m benchmarks.validity_loop findings  # the same, finding by finding: all leads, picked ones, leads in lumps
python -m benchmarks.validity_loop shift     # how long a shift of 0.5 log-odds takes to be seen
python -m benchmarks.validity_loop maturity  # today's leads after a shift 240 days ago, which few mature leads show

Each takes --leads leadforge: the leads of that independent generator, their true chances as boosting learns them.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass, replace

import joblib
import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from benchmarks.leadforge_leads import leadforge_leads
from benchmarks.machine import described, table
from benchmarks.quiet_worlds import KINDS, WATCHED, Kind, quiet_findings, quiet_history
from leadqual.bundle import Bundle
from leadqual.errors import EvidenceError
from leadqual.evaluation import probabilities
from leadqual.feedback import ScoreRecorder, lead_standing, values_of
from leadqual.leads import Schema, label_outcomes, read_leads
from leadqual.monitoring import held_ranking, matured_leads, watch_calibration, watch_ranking
from leadqual.retraining import build_challengers, decide, draw_at_random, gather_experience, retrain
from leadqual.scorecard import lead_points, refit_points
from leadqual.scorer.columns import encode_column
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train

__all__ = [
    "BUSINESSES",
    "Business",
    "Round",
    "leadforge_business",
    "main",
    "maturity_world",
    "quiet_world",
    "rounds_of_retraining",
    "scored_rows",
    "shifted_world",
    "simulated_business",
]

_START = pd.Timestamp("2026-01-01")
_UNWORKED = 0.02


@dataclass(frozen=True, slots=True)
class Round:
    """One round of retraining, judged by the truth.

    Parameters
    ----------
    who
        ``"loop"``, ``"refit always"`` or ``"naive"``.
    number
        From 1.
    low
        Predicted over true wins of the 80 % of leads with the fewest points.
    reported, true
        The AUC that is reported, and that of the truth, on the leads of the next round.
    wins
        Wins that the worked leads of the round brought.
    """

    who: str
    number: int
    low: float
    reported: float
    true: float
    wins: float


def scored_rows(bundle: Bundle, leads: pd.DataFrame, times: pd.Series) -> pd.DataFrame:
    """Return leads as `leadqual.feedback.feedback_history` would have them, without going through a database."""
    recorder = ScoreRecorder(bundle)
    points, codes = np.full(len(leads), bundle.points_table.base_points), []
    for encoder in recorder.encoders:
        code = encode_column(encoder, leads[encoder.field.name])
        points = points + np.array([place.points for place in encoder.places])[code]
        bands = [place.band for place in encoder.places]
        codes.append([bands[one] for one in code])
    count = len(leads)
    return pd.DataFrame(
        {
            "lead": leads.index.astype(str),
            "scored_at": times.to_numpy(),
            "bundle": recorder.digest,
            "points": points,
            "probability": probabilities(bundle.curve, points),
            "grade": "A",
            "picked": "",
            "propensity": np.nan,
            "worked_at": pd.Series(pd.NaT, index=range(count), dtype="datetime64[us]"),
            "accepted_at": pd.Series(pd.NaT, index=range(count), dtype="datetime64[us]"),
            "disposition": "",
            "outcome": "open",
            "closed_at": pd.Series(pd.NaT, index=range(count), dtype="datetime64[us]"),
            "codes": list(zip(*codes, strict=True)),
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class Business:
    """A company whose leads have known chances.

    Parameters
    ----------
    first
        The first champion, learned from what the company's history shows.
    table
        Fields of its leads, (n,).
    chance
        True chance of each if worked, (n,).
    """

    first: Bundle
    table: pd.DataFrame
    chance: np.ndarray


def simulated_business(seed: int, *, count: int, learned: int) -> Business:
    """Return the simulated CRM: ``count`` leads after the ``learned`` ones that the first champion is learned from."""
    sample = simulate(SampleSettings(leads=count + learned, drift=0.0, season=0.0, growth=0.0), seed=seed)
    first = train(read_leads(sample.table.head(learned), sample.schema), name="first", force=True).bundle
    chance = np.clip(sample.truth["if_worked"].to_numpy(), 1e-6, 1 - 1e-6)
    leads = read_leads(sample.table, sample.schema).table
    return Business(first, leads.iloc[learned:].reset_index(drop=True), chance[learned:])


def leadforge_business(seed: int, *, count: int, learned: int) -> Business:
    """Return leads of leadforge drawn again and again, their chances those of boosting learned on all of them."""
    values, won, features = leadforge_leads("intermediate", 6000, seed=0)
    schema = Schema(features, outcome="won", won=("1",), lost=("0",), id="id", order="n")
    ids = [f"L{i}" for i in range(len(won))]
    leads = read_leads(values.assign(won=won.astype(str), n=np.arange(len(won)), id=ids), schema).table
    coded = pd.DataFrame(
        {
            one.name: pd.to_numeric(leads[one.name], errors="coerce")
            if one.kind == "numeric"
            else leads[one.name].astype("str").astype("category").cat.codes
            for one in features
        }
    ).to_numpy(dtype=np.float64)
    truth = HistGradientBoostingClassifier(max_iter=60, learning_rate=0.05, max_leaf_nodes=8, random_state=0)
    chance = truth.fit(coded, won).predict_proba(coded)[:, 1]
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(won), learned + count)
    ended = (rng.random(learned) < chance[drawn[:learned]]).astype(int).astype(str)
    past = values.iloc[drawn[:learned]].reset_index(drop=True)
    past = past.assign(won=ended, n=np.arange(learned), id=[f"L{i}" for i in range(learned)])
    first = train(read_leads(past, schema), name="first", force=True).bundle
    return Business(first, leads.iloc[drawn[learned:]].reset_index(drop=True), chance[drawn[learned:]])


BUSINESSES = {"simulated": simulated_business, "leadforge": leadforge_business}


def rounds_of_retraining(
    seed: int, *, a_round: int = 10_000, rounds: int = 8, private: float = 0.0, leads_of: str = "simulated"
) -> list[Round]:
    """Retrain eight times on what sales made of the scores: 20 % of leads are worked, a tenth of these at random.

    Unworked leads win at 2 % of the rate that they would win at if worked. With ``private`` above 0 sales also go by
    what they know themselves: that much of the log-odds' spread that no field shows.
    """
    business = BUSINESSES[leads_of](seed, count=a_round * (rounds + 1), learned=a_round)
    rng = np.random.default_rng(seed)
    table, first = business.table, business.first
    known = rng.normal(0, private, len(table)) if private else np.zeros(len(table))
    chance = expit(logit(business.chance) + known)
    found = []
    for who in ("loop", "refit always", "naive"):
        champion, kept, bundles = first, [], {first.digest: first}
        labels = np.zeros(0)
        for number in range(1, rounds + 1):
            rows = np.arange(a_round * (number - 1), a_round * number)
            part = table.iloc[rows]
            times = pd.Series(_START + pd.to_timedelta(91 * number + 90 * np.arange(a_round) / a_round, unit="D"))
            scored = scored_rows(champion, part, times)
            rank = scored["points"].to_numpy() + 20 / np.log(2) * known[rows]
            picked, _ = draw_at_random(rank, capacity=a_round // 5, explore=0.1 if who != "naive" else 0.0, seed=number)
            worked = picked != ""
            won = rng.random(a_round) < chance[rows] * np.where(worked, 1.0, _UNWORKED)
            scored["picked"] = picked
            scored["worked_at"] = times.where(worked)
            scored["outcome"] = np.where(won, "won", "lost")
            scored["closed_at"] = (times + pd.Timedelta(days=20)).where(won)
            kept.append(scored)
            labels = np.concatenate([labels, won * 1.0])
            history = pd.concat(kept, ignore_index=True)
            as_of = str((times.max() + pd.Timedelta(days=91)).date())
            following = np.arange(a_round * number, a_round * (number + 1))
            if who == "naive":
                table_ = refit_points(champion.points_table, table.iloc[: a_round * number], labels)
                points = lead_points(table_, table)
                base = logit(labels.mean())
                reported = roc_auc_score(labels, points[: a_round * number])
                p = expit(base + (points[following] - 100) * np.log(2) / 20)
                champion = replace(champion, points_table=table_)
            else:
                experience = gather_experience(history, bundles, window_days=90, as_of=as_of)
                retrained = retrain(champion, experience)
                best, evidence = retrained.challengers[retrained.best], retrained.evidence[retrained.best]
                if who == "refit always":
                    champion = next(c.bundle for c in retrained.challengers if c.kind == "refit")
                elif decide(champion, best.bundle, evidence).verdict == "propose":
                    champion = best.bundle
                bundles[champion.digest] = champion
                judged = experience.judge
                points_then = lead_points(champion.points_table, experience.leads[judged])
                reported = roc_auc_score(experience.won[judged], points_then)
                p = scored_rows(champion, table.iloc[following], pd.Series(times))["probability"].to_numpy()
                points = lead_points(champion.points_table, table)
            true, order = chance[following], np.argsort(points[following], kind="stable")
            low = order[: int(0.8 * a_round)]
            found.append(
                Round(
                    who,
                    number,
                    float(p[low].sum() / true[low].sum()),
                    float(reported),
                    _true_auc(points[following], true),
                    float(won[worked].sum()),
                )
            )
    return found


def _true_auc(points: np.ndarray, chance: np.ndarray) -> float:
    """Return the AUC to be expected when each lead wins with its true chance."""
    both = np.concatenate([points, points])
    return float(
        roc_auc_score(np.repeat([1, 0], len(points)), both, sample_weight=np.concatenate([chance, 1 - chance]))
    )


@dataclass(frozen=True, slots=True)
class Quiet:
    """A world without change.

    Parameters
    ----------
    alarm
        Whether calibration or ranking raised an alarm in 104 weeks.
    promoted
        Whether a challenger was found surely better then.
    worse
        Whether that challenger is truly no better than the champion.
    """

    alarm: bool
    promoted: bool
    worse: bool


def _world(champion: Bundle, leads: pd.DataFrame, seed: int, shift: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    """Return two years of 60 leads a week, all judged, and their true chances.

    The champion is as far off as 3,000 training leads leave it: intercept and slope have their standard errors.
    """
    rng = np.random.default_rng(seed)
    week = np.repeat(np.arange(104), 60)
    part = leads.iloc[rng.integers(0, len(leads), len(week))].reset_index(drop=True)
    times = pd.Series(_START + pd.to_timedelta(7 * week + rng.uniform(0, 7, len(week)), unit="D"))
    rows = scored_rows(champion, part, times)
    z = logit(rows["probability"].to_numpy())
    spread = 1 / np.sqrt(3000 * champion.base_rate * (1 - champion.base_rate))
    centred = (z - z.mean()) / z.std()
    true = expit(z + spread * rng.normal() + spread * rng.normal() * centred + shift * (week >= 26))
    won = rng.random(len(true)) < true
    rows["picked"] = "random"
    rows["outcome"] = np.where(won, "won", "lost")
    rows["closed_at"] = (times + pd.Timedelta(days=20)).where(won)
    order = np.argsort(times.to_numpy(), kind="stable")
    return rows.iloc[order].reset_index(drop=True), true[order]


def _alarms(champion: Bundle, rows: pd.DataFrame) -> tuple[int | None, int | None]:
    cohort = matured_leads(rows, lead_standing(rows, window_days=90, as_of="2028-06-01"))
    calibration = watch_calibration(cohort.probability, cohort.won, cohort.week).detection.alarm
    expected = held_ranking(champion)
    if expected is None:
        return calibration, None
    ranking = watch_ranking(cohort.points, cohort.won, cohort.week, expected=expected)[0].alarm
    return calibration, ranking


def quiet_world(champion: Bundle, leads: pd.DataFrame, seed: int, *, deciding: bool = True) -> Quiet:
    """Run the loop over two years without change: its watch and, if asked, its decision whenever one is called for."""
    rows, true = _world(champion, leads, seed)
    alarms = [week for week in _alarms(champion, rows) if week is not None]
    if not deciding:
        return Quiet(bool(alarms), False, False)
    week = ((rows["scored_at"] - _START).dt.total_seconds() // (7 * 86400)).to_numpy()
    learned = champion.provenance.mature
    grown = [int((1.5**k - 1) * learned / 60) for k in range(1, 10)]
    tries = sorted({*([min(alarms)] if alarms else []), *(one for one in grown if one < 104)})
    for last in tries:
        seen = rows[week <= last].reset_index(drop=True)
        as_of = str(_START + pd.Timedelta(days=7 * (last + 1) + 91))
        try:
            found = retrain(champion, gather_experience(seen, {champion.digest: champion}, window_days=90, as_of=as_of))
        except EvidenceError:
            continue
        best = found.challengers[found.best]
        if decide(champion, best.bundle, found.evidence[found.best]).verdict == "propose":
            fields = values_of(rows["codes"], champion.points_table)
            points = lead_points(best.bundle.points_table, fields)
            before, after = rows["probability"].to_numpy(), probabilities(best.bundle.curve, points)
            loss = [-(true * np.log(p) + (1 - true) * np.log1p(-p)).mean() for p in (before, after)]
            return Quiet(bool(alarms), True, bool(loss[1] >= loss[0]))
    return Quiet(bool(alarms), False, False)


def shifted_world(champion: Bundle, leads: pd.DataFrame, seed: int, shift: float) -> float:
    """Return after how many weeks a shift is seen; infinite where it is not."""
    rows, _ = _world(champion, leads, seed, shift)
    week = _alarms(champion, rows)[0]
    return float("inf") if week is None else week - 25.0


def maturity_world(
    champion: Bundle, leads: pd.DataFrame, seed: int, shift: float, *, days: int = 730
) -> dict[str, float]:
    """Return predicted over true wins of the last quarter's leads, by what was learned from a ledger of so many days.

    150 leads a week are worked and followed; the log-odds of all moved 240 days ago, and wins take up to 90 days.
    """
    rng = np.random.default_rng(seed)
    day = np.sort(rng.uniform(0, days, 150 * days // 7))
    part = leads.iloc[rng.integers(0, len(leads), len(day))].reset_index(drop=True)
    times = pd.Series(_START + pd.to_timedelta(day, unit="D"))
    rows = scored_rows(champion, part, times)
    true = expit(logit(rows["probability"].to_numpy()) + shift * (day >= days - 240))
    ends = day + rng.uniform(0, 90, len(day))
    won = (rng.random(len(day)) < true) & (ends <= days)
    rows["worked_at"] = times
    rows["outcome"] = np.where(won, "won", "open")
    rows["closed_at"] = pd.Series(_START + pd.to_timedelta(ends, unit="D")).where(won)
    as_of = str(_START + pd.Timedelta(days=days))
    experience = gather_experience(rows, {champion.digest: champion}, window_days=90, as_of=as_of)
    today = day >= days - 91
    promised = {"champion": rows["probability"].to_numpy()[today].sum() / true[today].sum()}
    for one in build_challengers(champion, experience):
        points = lead_points(one.bundle.points_table, experience.leads[today])
        promised[one.kind] = probabilities(one.bundle.curve, points).sum() / true[today].sum()
    return promised


def _print_maturity(worlds: int, leads_of: str) -> None:
    champion, leads = _champion(0.1, leads_of)
    rows = []
    for days, shift in itertools.product((730, 365), (0.9, 0.5, -0.5, 0.0)):
        found = pd.DataFrame(
            joblib.Parallel(n_jobs=2, backend="multiprocessing")(
                joblib.delayed(maturity_world)(champion, leads, k, shift, days=days) for k in range(worlds)
            )
        )
        rows.append([str(days), f"{shift:+}", str(worlds), *(f"{value:.2f}" for value in found.mean())])
    print(table(["days of ledger", "shift 240 days ago", "worlds", *found.columns], rows))


def found_in_quiet(champion: Bundle, leads: pd.DataFrame, seed: int, kind: Kind, watched: list[str]) -> frozenset[str]:
    """Return the codes of what alarmed or warned in one quiet world of a kind."""
    history = quiet_history(champion, leads, seed, kind, rows_of=scored_rows)
    return quiet_findings(champion, history, watched=watched)


def found_with_own_champion(seed: int, kinds: list[str], watched: list[str], leads_of: str) -> list[frozenset[str]]:
    """Return the codes of what alarmed or warned in one world of each kind, with a champion learned for it alone."""
    business = BUSINESSES[leads_of](seed, count=6000, learned=6000)
    found = []
    for name in kinds:
        history = quiet_history(
            business.first, business.table, seed, KINDS[name], rows_of=scored_rows, chance=business.chance
        )
        found.append(quiet_findings(business.first, history, watched=watched))
    return found


def _print_findings(worlds: int, leads_of: str, kinds: list[str], watched: list[str], own: bool) -> None:
    codes = sorted(code for one in set(watched) for code in WATCHED[one])
    if own:
        names = kinds or list(KINDS)
        run = joblib.Parallel(n_jobs=2, backend="multiprocessing")
        every = run(joblib.delayed(found_with_own_champion)(k, names, watched, leads_of) for k in range(worlds))
        rows = [
            [name, str(worlds), *(f"{100 * np.mean([code in world[i] for world in every]):.1f}" for code in codes)]
            for i, name in enumerate(names)
        ]
        print(table(["worlds of", "worlds", *(f"{code} %" for code in codes)], rows))
        return
    champion, leads = _champion(0.1, leads_of, steady=True)
    rows = []
    for name in kinds or KINDS:
        run = joblib.Parallel(n_jobs=2, backend="multiprocessing")
        found = run(joblib.delayed(found_in_quiet)(champion, leads, k, KINDS[name], watched) for k in range(worlds))
        rows.append([name, str(worlds), *(f"{100 * np.mean([code in one for one in found]):.1f}" for code in codes)])
        print(rows[-1], flush=True)
    print(table(["worlds of", "worlds", *(f"{code} %" for code in codes)], rows))


def _champion(win_rate: float, leads_of: str = "simulated", *, steady: bool = False) -> tuple[Bundle, pd.DataFrame]:
    """Return a champion and leads like those that it learned from; steady: nothing changed in its history either."""
    if leads_of == "leadforge":
        business = leadforge_business(1, count=6000, learned=6000)
        return business.first, business.table
    still = {"drift": 0.0, "season": 0.0, "growth": 0.0} if steady else {}
    sample = simulate(SampleSettings(leads=6000, win_rate=win_rate, **still), seed=1)
    leads = read_leads(sample.table, sample.schema)
    label_outcomes(leads)
    return train(leads, name="demo", force=True).bundle, leads.table


def _print_rounds(worlds: int, leads_of: str) -> None:
    for private in (0.0, 0.7):
        jobs = joblib.Parallel(n_jobs=2, backend="multiprocessing")(
            joblib.delayed(rounds_of_retraining)(k, private=private, leads_of=leads_of) for k in range(worlds)
        )
        every = pd.DataFrame([vars_of(one) for job in jobs for one in job])
        last = every[every["number"] == every["number"].max()].groupby("who")[["low", "reported", "true"]].mean()
        last["wins"] = every.groupby("who")["wins"].sum() / worlds
        print(f"\nafter 8 rounds, mean of {worlds} worlds, private knowledge {private}")
        print(last.round(3).to_string())


def vars_of(one: Round) -> dict[str, object]:
    """Return a round as a row."""
    return {name: getattr(one, name) for name in Round.__slots__}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["rounds", "quiet", "findings", "shift", "maturity"])
    parser.add_argument("--worlds", type=int, default=0)
    parser.add_argument("--leads", choices=list(BUSINESSES), default="simulated")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="Of findings: which worlds; all.")
    parser.add_argument("--watched", action="append", choices=list(WATCHED), help="Of findings: which; all.")
    parser.add_argument("--own", action="store_true", help="Of findings: a champion learned for each world.")
    asked = parser.parse_args()
    print(described())
    if asked.what == "findings":
        _print_findings(asked.worlds or 100, asked.leads, asked.kind or [], asked.watched or list(WATCHED), asked.own)
        return
    if asked.what == "rounds":
        _print_rounds(asked.worlds or 10, asked.leads)
        return
    if asked.what == "maturity":
        _print_maturity(asked.worlds or 20, asked.leads)
        return
    rows = []
    for rate in (0.1, 0.2) if asked.leads == "simulated" else (0.0,):  # leadforge has a win rate of its own
        champion, leads = _champion(rate, asked.leads)
        if asked.what == "quiet":
            worlds = asked.worlds or 500
            run = joblib.Parallel(n_jobs=2, backend="multiprocessing")
            tried = run(joblib.delayed(quiet_world)(champion, leads, k) for k in range(worlds))
            shares = [100 * np.mean([getattr(one, name) for one in tried]) for name in ("alarm", "promoted", "worse")]
            rows.append([f"{champion.base_rate:.2f}", str(worlds), *(f"{share:.1f}" for share in shares)])
        else:
            worlds = asked.worlds or 200
            for shift in (-0.5, 0.5):
                run = joblib.delayed(shifted_world)
                delays = joblib.Parallel(n_jobs=2, backend="multiprocessing")(
                    run(champion, leads, k, shift) for k in range(worlds)
                )
                rows.append([f"{champion.base_rate:.2f}", str(worlds), f"{shift:+}", f"{np.median(delays):.0f}"])
    head = ["base rate", "worlds", "alarm %", "promoted %", "not better %"]
    print(table(head if asked.what == "quiet" else ["base rate", "worlds", "shift", "median weeks"], rows))


if __name__ == "__main__":
    main()
