"use strict";
// What edits make of the points, as leadqual.agreement.override does, and which of them cannot both hold.

const isText = (value) => typeof value === "string" && value !== "", isWhole = Number.isInteger, isShare = (value) => Number.isFinite(value) && value >= 0;
const SHAPES = {
  pin: (e) => isText(e.band) && isWhole(e.points), cap: (e) => isText(e.band) && [e.at_most, e.at_least].some(isWhole), direction: (e) => ["up", "down"].includes(e.direction),
  "leave out": () => true, "bring back": () => true, merge: (e) => Array.isArray(e.bands) && e.bands.every(isText), split: (e) => isText(e.band),
  threshold: (e) => ["SQL", "MQL", "A", "B", "C"].includes(e.threshold) && isWhole(e.points), capacity: (e) => isShare(e.share) || isShare(e.per_week),
};
// Whether something that came from elsewhere is an edit.
const readable = (edit) => Object.hasOwn(SHAPES, edit.edit) && (!ofField(edit) || isText(edit.field)) && SHAPES[edit.edit](edit);
const onPoints = (edit) => edit.edit === "pin" || edit.edit === "cap";
const endsOf = (edit) => (edit.edit === "pin" ? [edit.points, edit.points] : [edit.at_least ?? -Infinity, edit.at_most ?? Infinity]);
const ofField = (edit) => edit.edit !== "threshold" && edit.edit !== "capacity";
const targetOf = (edit) => JSON.stringify([edit.edit, edit.field, edit.band, edit.bands, edit.threshold]);

// As leadqual.agreement.edits.disagreement, of a later edit with an earlier one.
function contradicts(later, earlier) {
  const kinds = [later.edit, earlier.edit];
  if (!ofField(later) || !ofField(earlier)) {
    if (kinds.includes("capacity") && [later, earlier].some((e) => e.edit === "threshold" && e.threshold === "SQL")) return true;
    return targetOf(later) === targetOf(earlier);
  }
  if (later.field !== earlier.field) return false;
  if ((later.edit === "leave out") !== (earlier.edit === "leave out")) return true;
  if (onPoints(later) && onPoints(earlier) && later.band === earlier.band) {
    const [[a, b], [c, d]] = [endsOf(later), endsOf(earlier)];
    return Math.max(a, c) > Math.min(b, d);
  }
  if (kinds.every((kind) => kind === "direction")) return later.direction !== earlier.direction;
  const named = (edit) => edit.bands || (edit.band === undefined ? [] : [edit.band]);
  const touch = named(later).some((band) => named(earlier).includes(band));
  return ["merge", "split"].includes(later.edit) && ["pin", "cap", "merge", "split"].includes(earlier.edit) && touch;
}

// What holds in the end: a later edit takes the place of earlier ones about the same, or that contradict it.
function holding(edits) {
  let held = [];
  for (const edit of edits) {
    held = held.filter((one) => targetOf(one) !== targetOf(edit) && (edit.back || !contradicts(edit, one)));
    if (!edit.back) held.push(edit);
  }
  return held;
}

const toEven = (value) => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

// Neighbouring numbers that run against a direction, pooled by their leads.
function directed(bands, direction) {
  const sign = direction === "up" ? 1 : -1, groups = [];
  for (const band of bands.filter((one) => one.numbers)) {
    const mass = band.share + 1e-9;
    groups.push({ mean: sign * band.points, mass: mass + 1e-12, bands: [band] });
    while (groups.length > 1 && groups[groups.length - 2].mean > groups[groups.length - 1].mean + 1e-6) {
      const next = groups.pop(), last = groups[groups.length - 1];
      last.mean = (last.mean * last.mass + next.mean * next.mass) / (last.mass + next.mass);
      last.mass += next.mass;
      last.bands.push(...next.bands);
    }
  }
  const worth = new Map();
  for (const { bands: pooled } of groups) {
    let sum = 0, mass = 0;
    for (const band of pooled) { sum += band.points * (band.share + 1e-9); mass += band.share + 1e-9; }
    for (const band of pooled) worth.set(band, toEven(sum / mass));
  }
  return bands.map((band) => (worth.has(band) ? { ...band, points: worth.get(band) } : band));
}

function limited(bands, edit) {
  const [low, high] = endsOf(edit);
  return bands.map((band) => (band.label === edit.band ? { ...band, points: Math.min(Math.max(band.points, low), high) } : band));
}

function merged(bands, labels) {
  const parts = bands.filter((band) => labels.includes(band.label));
  let sum = 0, mass = 0;
  for (const band of parts) { sum += band.points * (band.share + 1e-9); mass += band.share + 1e-9; }
  const whole = { label: labels.join(" + "), points: toEven(sum / mass), share: mass, numbers: parts.some((band) => band.numbers), places: parts.flatMap((band) => band.places) };
  return bands.flatMap((band) => (band === parts[0] ? [whole] : parts.includes(band) ? [] : [band]));
}

function changed(bands, edit) {
  if (onPoints(edit)) return limited(bands, edit);
  if (edit.edit === "direction") return directed(bands, edit.direction);
  return edit.edit === "merge" ? merged(bands, edit.bands) : bands;
}

function possible(bands, field, edit) {
  const there = (label) => bands.some((band) => band.label === label);
  if (edit.edit === "merge") {
    const at = bands.map((band, i) => (edit.bands.includes(band.label) && band.numbers ? i : -1)).filter((i) => i >= 0);
    return edit.bands.every(there) && (!at.length || at[at.length - 1] - at[0] === at.length - 1);
  }
  return edit.edit === "direction" ? field.kind === "numeric" : there(edit.band);
}

const spread = (bands, count) => {
  const worth = new Array(count);
  for (const band of bands) for (const place of band.places) worth[place] = band.points;
  return worth;
};

// One field: its points as proposed, and those of the earlier leads' table moved by as much.
function fieldUnder(field, edits) {
  const start = (points, share) => field.bands.map((band, i) => ({ label: band.label, points: band[points], share: band[share], numbers: band.interval !== null, places: [i] }));
  let wanted = start("points", "share"), unpriced = [];
  const made = edits.filter((edit) => {
    if (!possible(wanted, field, edit)) { unpriced.push(edit); return false; }
    wanted = changed(wanted, edit);
    return true;
  });
  const undone = made.filter((edit) => (onPoints(edit) || edit.edit === "direction") && changed(wanted, edit).some((band, i) => band.points !== wanted[i].points));
  const count = field.bands.length, worth = spread(wanted, count);
  const reshapes = made.filter((edit) => ["merge", "split"].includes(edit.edit));
  let held = field.bands.map((band, i) => band.held + worth[i] - band.points);
  if (reshapes.length) {
    const rest = made.filter((edit) => !reshapes.includes(edit));
    held = spread([...reshapes, ...rest].reduce(changed, start("held", "held_share")), count);
  }
  return { worth, held, unpriced, undone };
}

// All that edits change: points by field, fields left out, thresholds, capacity, and what these figures leave out.
function editsOf(data, list) {
  const edits = { fields: new Map(), leftOut: new Set(), thresholds: new Map(), share: null, unpriced: [], undone: [] };
  for (const edit of list) {
    if (edit.edit === "leave out") edits.leftOut.add(edit.field);
    else if (edit.edit === "threshold") edits.thresholds.set(edit.threshold, edit.points);
    else if (edit.edit === "capacity") {
      if (edit.share !== undefined) edits.share = edit.share;
      else if (data.leads_per_week) edits.share = Math.min(1, edit.per_week / data.leads_per_week);
      else edits.unpriced.push(edit);
    } else if (!data.fields.some((field) => field.name === edit.field)) edits.unpriced.push(edit);
  }
  for (const field of data.fields) {
    const mine = list.filter((edit) => edit.field === field.name && !["leave out", "bring back"].includes(edit.edit));
    if (!mine.length || edits.leftOut.has(field.name)) continue;
    const { worth, held, unpriced, undone } = fieldUnder(field, mine);
    edits.fields.set(field.name, { worth, held });
    edits.unpriced.push(...unpriced);
    edits.undone.push(...undone);
  }
  return edits;
}
