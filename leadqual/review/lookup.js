"use strict";
// One lead from pasted text: each value in its band, read as leadqual.bundle.values and .encoding read it.

const MARKS = { ".": ".", ",": ",", "'": "'\u2019", " ": " \u00a0\u202f\u2009\u2007" };
const escapeMark = (mark) => (mark === "." ? "\\." : mark);

// The forms of numbers with one decimal mark and one mark of thousands (null takes any); rule 1 reads as older bundles do.
function numberForms(decimal, thousands, reading) {
  const all = reading < 2 ? ",.' \u00a0\u202f" : Object.values(MARKS).join("");
  const marks = thousands && reading > 1 ? MARKS[thousands] : all.replace(decimal, "");
  const d = escapeMark(decimal), end = `(?:${d}[0-9]*)?(?:[eE][+-]?[0-9]+)?$`;
  const groups = `(?:[${marks}][0-9]{2,3})*[${marks}][0-9]{3}`;
  return {
    plain: new RegExp(`^[+-]?(?:[0-9]+(?:${d}[0-9]*)?|${d}[0-9]+)(?:[eE][+-]?[0-9]+)?$`),
    grouped: new RegExp(`^[+-]?[0-9]{1,3}${groups}${end}`),
    marks: new RegExp(`[${marks}]`, "g"),
  };
}

const DRESSING = /^(?:[$€£¥₹]|R\$|[A-Z]{3}\s)\s*|\s*(?:[$€£¥₹%]|\s[A-Z]{3})$/;
const TRUE_TEXTS = new Set(["yes", "y", "true", "t", "1", "on"]), FALSE_TEXTS = new Set(["no", "n", "false", "f", "0", "off"]);

function plainNumber(text, form) {
  if (form.plain.test(text)) return text;
  return form.grouped.test(text) ? text.replace(form.marks, "") : null;
}

function readNumber(value, field) {
  if (typeof value !== "string") return typeof value === "boolean" ? Number(value) : value;
  const text = value.trim().replace(/\u2212/g, "-");
  if (text.length > 100) return null;
  const form = numberForms(field.decimal, field.thousands ?? null, field.reading ?? 2);
  let plain = plainNumber(text, form);
  if (plain === null) {
    const sign = /^[+-]/.test(text) ? text[0] : "";
    plain = plainNumber(sign + text.slice(sign.length).trimStart().replace(DRESSING, "").replace(DRESSING, ""), form);
  }
  if (plain === null) return null;
  const number = Number(plain.replace(",", "."));
  return Number.isFinite(number) ? number : null;
}

function readText(field, value) {
  if (field.kind === "boolean") {
    const text = String(value).trim().toLowerCase();
    return TRUE_TEXTS.has(text) ? "yes" : FALSE_TEXTS.has(text) ? "no" : null;
  }
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value).trim();
}

// Number of the band that takes a value; null where none does, and the lead counts as average.
function bandOf(field, value, missingValues) {
  const flagged = (flag) => { const at = field.bands.findIndex((band) => band[flag]); return at < 0 ? null : at; };
  if (value === null || value === undefined) return flagged("missing");
  const reading = field.reading ?? 2;
  if (reading > 1 && value === false && field.kind !== "boolean" && missingValues.includes("false")) return flagged("missing");
  if (typeof value === "object") return null;
  const text = typeof value === "string" ? value.trim().toLowerCase() : null;
  const known = reading > 1 && field.kind === "boolean" && text === "false";
  if (text !== null && !known && missingValues.includes(text)) return flagged("missing");
  if (field.kind === "numeric") {
    const number = readNumber(value, field);
    if (number === null) return null;
    const edges = field.bands.filter((band) => band.interval).slice(1).map((band) => band.interval[0]);
    return edges.filter((edge) => edge <= number).length;
  }
  const said = readText(field, value);
  if (said === null) return null;
  const at = field.bands.findIndex((band) => band.values.includes(said));
  return at < 0 ? flagged("other") : at;
}

// A JSON object, two rows of a spreadsheet, or lines of "field: value".
function pastedLead(text, names) {
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  const whole = text.trim();
  if (whole.startsWith("{")) {
    try { return JSON.parse(whole); } catch { return null; }
  }
  const lines = whole.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length === 2 && lines[0].includes("\t")) {
    const [heads, values] = lines.map((line) => line.split("\t"));
    return Object.fromEntries(heads.map((head, i) => [known.get(head.trim().toLowerCase()) || head.trim(), values[i] ?? null]));
  }
  const pairs = lines.map((line) => /^([^:=\t]+)[:=\t](.*)$/.exec(line)).filter(Boolean);
  return pairs.length ? Object.fromEntries(pairs.map(([, name, value]) => [known.get(name.trim().toLowerCase()) || name.trim(), value.trim()])) : null;
}

// As leadqual.reasons.fewest_changes: the smallest changes that people can make, to so many points; null where none do.
function fewestChanges(data, worths, places, needed) {
  if (needed <= 0) return [];
  const ways = new Map([["0,0", { count: 0, gained: 0, made: [] }]]);
  data.fields.forEach((field, f) => {
    if (!field.actionable) return;
    const gains = new Map();
    field.bands.forEach((band, at) => { if (at !== places[f] && (band.values.length || band.interval) && band.points > worths[f]) gains.set(band.points - worths[f], { field: field.name, label: band.label, points: band.points - worths[f] }); });
    for (const way of [...ways.values()]) for (const [gain, change] of gains) {
      const key = `${way.count + 1},${way.gained + gain}`;
      if (!ways.has(key)) ways.set(key, { count: way.count + 1, gained: way.gained + gain, made: [...way.made, change] });
    }
  });
  const enough = [...ways.values()].filter((way) => way.gained >= needed).sort((a, b) => a.count - b.count || a.gained - b.gained);
  return enough.length ? enough[0].made.sort((a, b) => b.points - a.points) : null;
}

function scoredLead(data, lead, edits) {
  let points = data.deployed.base_points, proposed = points;
  const worths = [], places = [];
  const reasons = data.fields.map((field) => {
    const place = bandOf(field, lead[field.name], data.missing_values), band = place === null ? null : field.bands[place];
    const worth = band ? band.points : field.average, changed = edits.fields.get(field.name);
    worths.push(worth);
    places.push(place);
    points += worth;
    proposed += edits.leftOut.has(field.name) ? field.average : band && changed ? changed.worth[place] : worth;
    return { field: field.name, label: band ? band.label : null, given: Object.hasOwn(lead, field.name), difference: worth - field.average };
  });
  const { first, probability, low, high, grades } = data.deployed, last = first + probability.length - 1;
  const at = Math.min(Math.max(points, first), last) - first;
  const grade = grades.find(([, start]) => start === null || points >= start)[0];
  const dimensions = new Map();
  data.fields.forEach(({ dimension }, f) => dimensions.set(dimension, (dimensions.get(dimension) || 0) + reasons[f].difference));
  reasons.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  return { points, proposed, grade, probability: [probability[at], low[at], high[at]], reasons, dimensions, lift: fewestChanges(data, worths, places, data.deployed.sql - points) };
}
