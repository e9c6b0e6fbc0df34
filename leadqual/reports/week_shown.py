"""The weekly report as it is shown: each figure written in one language, for the page and the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import numpy as np

from leadqual.calibration.interval import clopper_pearson
from leadqual.errors import MeetingError
from leadqual.fact import Fact, fact
from leadqual.meetings import Disagreement, Duty, HandedOver, ResponseTime, WeekReport
from leadqual.reports.band_name import band_names
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import sentences

__all__ = ["Bar", "DutyShown", "LeadShown", "SellerShown", "Tile", "WeekShown", "check_link", "show_week"]

_WHOLE = ("leads",)
_SHARES = ("first_attempt", "decided", "outcomes")
_MAX_DISAGREEMENTS = 10
_COLUMNS = ("leads", "expected", "accepted", "rejected", "in_time", "overdue")


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, its parts in percent of its room: where it begins and ends, a mark, a dot; None where there is none."""

    start: float
    end: float
    mark: float | None = None
    dot: float | None = None
    bad: bool = False


@dataclass(frozen=True, slots=True)
class DutyShown:
    """One duty: its name, its figure and target, and bars; ``beside`` is empty where there is nothing to add."""

    name: str
    now: str
    target: str
    beside: str
    bar: Bar | None
    course: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure with its name and what stands below it."""

    name: str
    figure: str
    below: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class LeadShown:
    """One lead to talk about; ``link`` is empty where no address of the CRM is known."""

    lead: str
    link: str
    score: str
    happened: str
    won: bool


@dataclass(frozen=True, slots=True)
class SellerShown:
    """One seller: the id, the load beside the capacity, what else is to be said, and a bar."""

    seller: str
    load: str
    beside: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class WeekShown:
    """Everything that the page and the terminal show, in order; see `show_week`."""

    title: str
    days: str
    about: str
    owners: tuple[tuple[str, str, str, tuple[DutyShown, ...]], ...]
    tiles: tuple[Tile, ...]
    changes: tuple[str, ...]
    decisions: tuple[str, ...]
    columns: tuple[str, ...]
    grades: tuple[tuple[str, ...], ...]
    by_field: str
    bands: tuple[tuple[str, str, Bar, bool], ...]
    leads: tuple[LeadShown, ...]
    more_leads: str
    sellers: tuple[SellerShown, ...]
    rejections: tuple[tuple[str, str, str], ...]
    disqualified: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


def show_week(
    report: WeekReport, *, language: str = "en", missing: Sequence[str] | None = None, crm_link: str | None = None
) -> WeekShown:
    """Return a weekly report with its figures written out.

    Parameters
    ----------
    report
        See `leadqual.meetings.weekly`.
    language
        ``"en"`` or ``"zh"``.
    missing
        The teams that must still sign the bundle; None: that was not looked up.
    crm_link
        Address of a lead in the CRM with ``{id}`` in it; None: ids are shown without a link.

    Raises
    ------
    LeadqualError
        When there is no such language.
    MeetingError
        When ``crm_link`` is no web address with ``{id}`` in it.
    """
    words = Language(language)
    check_link(crm_link)
    shown = report.disagreements[:_MAX_DISAGREEMENTS]
    more = len(report.disagreements) - len(shown)
    return WeekShown(
        title=words.word("week_title", number=report.week.number),
        days=words.word("week_days", first=report.week.monday.isoformat(), last=report.week.sunday.isoformat()),
        about=words.word(
            "week_about",
            digest=report.bundle[:12],
            signed=_signed(missing),
            as_of=report.as_of,
            zone=report.week.zone,
        ),
        owners=tuple(_owner(owner, report.duties, words) for owner in ("marketing", "sales")),
        tiles=_tiles(report, words),
        changes=words.say_all(report.changes),
        decisions=_decisions(report, missing, words),
        columns=(words.words["week_grade"], *(words.words[f"week_column_{name}"] for name in _COLUMNS)),
        grades=_grades(report, words),
        by_field="" if report.by_field is None else words.word("week_by_field", field=report.by_field.name),
        bands=_bands(report, words),
        leads=tuple(_lead(one, crm_link, words) for one in shown),
        more_leads=words.word("week_talk_more", more=more) if more else "",
        sellers=_sellers(report, words),
        rejections=_reasons(report.rejections, report.rejections_before, words),
        disqualified=_reasons(report.disqualified, report.disqualified_before, words),
        notes=words.say_all(report.notes),
    )


def _signed(missing: Sequence[str] | None) -> Fact:
    if missing is None:
        return fact("week_signed_unknown")
    return fact("week_unsigned", roles=tuple(missing)) if missing else fact("week_signed")


def _owner(owner: str, duties: tuple[Duty, ...], words: Language) -> tuple[str, str, str, tuple[DutyShown, ...]]:
    """Return a team's heading, its tag, how the tag looks, and its duties."""
    mine = [one for one in duties if one.owner == owner]
    heading = words.words[f"week_owes_{owner}"]
    shown = tuple(_duty(one, words) for one in mine)
    missed = max((one.weeks_missed for one in mine), default=0)
    if missed:
        tag = words.word("week_missed_again", weeks=missed) if missed > 1 else words.words["week_missed"]
        return heading, tag, "bad", shown
    if any(one.kept for one in mine):
        return heading, words.words["week_kept"], "good", shown
    untold = "week_no_target" if all(one.target is None for one in mine) else "week_no_leads"
    return heading, words.words[untold], "quiet", shown


def _duty(duty: Duty, words: Language) -> DutyShown:
    spec = ".0%" if duty.code in _SHARES else ".0" if duty.code in _WHOLE else ".1"

    def written(value: float) -> str:
        return words.format_field(value, spec)

    top = 1.0 if duty.code in _SHARES else 1.15 * max(duty.now or 0.0, duty.target or 0.0) or 1.0
    mark = None if duty.target is None else 100 * duty.target / top
    bar = None if duty.now is None else Bar(0.0, 100 * duty.now / top, mark, bad=duty.kept is False)
    return DutyShown(
        name=words.words[f"duty_{duty.code}"],
        now=words.words["week_no_leads"] if duty.now is None else written(duty.now),
        target="" if duty.target is None else words.word("week_of_target", target=written(duty.target)),
        beside="" if duty.of is None or not duty.of else words.word("week_duty_leads", leads=duty.of),
        bar=bar,
        course=_course(duty, top),
    )


def _course(duty: Duty, top: float) -> str:
    """Return the points of a line over the weeks before and this one, in a room of 100 x 20; "" without two of them."""
    values = (*duty.course, duty.now)
    first = next((place for place, value in enumerate(values) if value is not None), len(values))
    known = [(place, value) for place, value in enumerate(values[first:]) if value is not None]
    if len(known) < 2:
        return ""
    highest = max(top, *(value for _, value in known))
    step = 100 / (len(values) - first - 1)
    return " ".join(f"{round(place * step, 1)},{round(19 - 18 * value / highest, 1)}" for place, value in known)


def _tiles(report: WeekReport, words: Language) -> tuple[Tile, ...]:
    matured, everything = report.matured, report.all
    below = (
        words.word("week_promised", promised=matured.promised, low=matured.low, high=matured.high)
        if matured.leads
        else words.words["week_nothing_matured"]
    )
    return (
        Tile(words.words["week_won_matured"], words.format_field(matured.won, ""), below, matured.unusual),
        Tile(words.words["week_speed"], _hours(report.response, "median", words), _speed(report, words)),
        _accepted(everything, words),
        Tile(
            words.words["week_overdue"],
            words.format_field(everything.overdue, ""),
            words.word("week_overdue_more", late=everything.late, due=everything.due)
            if everything.due
            else words.words["week_nothing_due"],
            everything.overdue > 0,
        ),
    )


def _speed(report: WeekReport, words: Language) -> str:
    if not report.response.leads:
        return words.words["week_no_leads"]
    p90, before = _hours(report.response, "p90", words), _hours(report.response_before, "median", words)
    return words.word("week_speed_more", p90=p90, before=before)


def _hours(response: ResponseTime, which: str, words: Language) -> str:
    hours = response.median_hours if which == "median" else response.p90_hours
    if not response.leads:
        return words.words["week_no_leads"]
    return words.words["week_hours_open"] if hours is None else words.word("week_hours", hours=hours)


def _accepted(handed: HandedOver, words: Language) -> Tile:
    name = words.words["week_accepted"]
    if not handed.decided:
        return Tile(name, words.format_field(float("nan"), ".0%"), words.words["week_nothing_decided"])
    low, high = clopper_pearson(np.array([float(handed.taken)]), np.array([float(handed.decided)]), 0.025)
    share = words.format_field(handed.taken / handed.decided, ".0%")
    below = words.word(
        "week_accepted_more", accepted=handed.taken, decided=handed.decided, low=float(low[0]), high=float(high[0])
    )
    return Tile(name, share, below)


def _decisions(report: WeekReport, missing: Sequence[str] | None, words: Language) -> tuple[str, ...]:
    found = [words.say(fact("week_must_sign", roles=tuple(missing)))] if missing else []
    for one in report.alarms:
        alarm = words.word("week_alarm", check=words.words[f"check_{one.code}"], said=sentences(one, words))
        to_do = words.word("week_alarm_remedy", remedy=one.remedy) if one.remedy else ""
        found.append(words.joined([alarm, to_do]) if to_do else alarm)
    return tuple(found) or (words.words["week_no_alarm"],)


def _grades(report: WeekReport, words: Language) -> tuple[tuple[str, ...], ...]:
    named = [(one.name, one) for one in report.grades]
    named.append((words.words["week_all"], report.all))
    if report.drawn.leads:
        named.append((words.words["week_drawn"], report.drawn))
    rows = []
    for name, one in named:
        share = words.format_field(one.in_time / one.due, ".0%") if one.due else ""
        counts = [words.format_field(count, "") for count in (one.leads, one.taken, one.rejected, one.overdue)]
        expected = words.format_field(one.expected_wins, ".1")
        rows.append((name, counts[0], expected, counts[1], counts[2], share, counts[3]))
    return tuple(rows)


def _bands(report: WeekReport, words: Language) -> tuple[tuple[str, str, Bar, bool], ...]:
    """Return each band's name, its figures, its bar, and whether its wins are unusual; the most promised first."""
    bands, field = report.by_band, report.by_field
    names = {} if field is None else band_names(field, words)
    top = 1.05 * max((max(one.high, one.won, one.promised) for one in bands), default=1.0) or 1.0
    return tuple(
        (
            names[one.name],
            words.word("week_band", promised=one.promised, won=one.won, leads=one.leads),
            Bar(100 * one.low / top, 100 * one.high / top, 100 * one.promised / top, 100 * one.won / top, one.unusual),
            one.unusual,
        )
        for one in sorted(bands, key=lambda one: -one.promised)
    )


def _sellers(report: WeekReport, words: Language) -> tuple[SellerShown, ...]:
    top = 1.05 * max((max(one.in_hand, one.capacity) for one in report.sellers), default=1.0) or 1.0
    found = []
    for one in report.sellers:
        beside = [words.word("week_load_given", given=one.given)]
        beside += [words.word("week_load_overdue", overdue=one.overdue)] if one.overdue else []
        beside += [words.words["week_away"]] if one.away else []
        load = words.word("week_load_of", in_hand=one.in_hand, capacity=float(one.capacity))
        bad = one.in_hand > one.capacity or one.overdue > 0
        bar = Bar(0.0, 100 * one.in_hand / top, 100 * one.capacity / top, bad=bad)
        found.append(SellerShown(one.seller, load, words.format_field(tuple(beside), "unit"), bar))
    return tuple(found)


def _lead(one: Disagreement, crm_link: str | None, words: Language) -> LeadShown:
    if one.happened == "rejected":
        happened = words.word("week_rejected_for", reason=one.reason) if one.reason else words.words["week_rejected"]
    else:
        happened = words.word("week_won_drawn" if one.drawn else "week_won_in", days=one.days)
    link = "" if crm_link is None else crm_link.replace("{id}", quote(one.lead, safe=""))
    score = words.word("week_score_of", grade=one.grade, probability=one.probability)
    return LeadShown(one.lead, link, score, happened, one.happened == "won")


def _reasons(now: Mapping[str, int], before: Mapping[str, int], words: Language) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (
            reason or words.words["week_no_reason"],
            words.format_field(now.get(reason, 0), ""),
            words.format_field(before.get(reason, 0), ""),
        )
        for reason in dict.fromkeys([*now, *before])
    )


def check_link(crm_link: str | None) -> None:
    """Refuse an address of leads that cannot be one.

    Raises
    ------
    MeetingError
        When it is no web address with ``{id}`` in it.
    """
    if crm_link is None:
        return
    parts = urlsplit(crm_link)
    if parts.scheme not in ("http", "https") or not parts.netloc or "{id}" not in crm_link:
        raise MeetingError(
            "the address of leads in the CRM is none, it must be a web address with {id} in it; pass one such as "
            "https://crm.example/lead/{id}."
        )
