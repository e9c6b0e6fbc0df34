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

function readNumber(value, field, reading) {
  if (typeof value !== "string") return typeof value === "boolean" ? Number(value) : value;
  const text = value.trim().replace(/\u2212/g, "-");
  if (text.length > 100) return null;
  const form = numberForms(field.decimal, field.thousands ?? null, reading);
  let plain = plainNumber(text, form);
  if (plain === null) {
    const sign = /^[+-]/.test(text) ? text[0] : "";
    plain = plainNumber(sign + text.slice(sign.length).trimStart().replace(DRESSING, "").replace(DRESSING, ""), form);
  }
  if (plain === null) return null;
  const number = Number(plain.replace(",", "."));
  return Number.isFinite(number) ? number : null;
}

// As leadqual.bundle.missing_codes: a whole number as a column of floats writes it, and the numbers among the codes.
const wholeText = (text) => (/^-?(?:0|[1-9][0-9]{0,15})\.0$/.test(text) ? (text === "-0.0" ? "0" : text.slice(0, -2)) : text);
const CODE = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/, COMMA_CODE = /^[+-]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})$/;
const codedNumbers = (texts) => texts.map((text) => text.replace("\u2212", "-")).filter((text) => CODE.test(text) || COMMA_CODE.test(text)).map((text) => Number(text.replace(",", ".")));

function isMissing(value, missingValues, reading) {
  if (typeof value === "number") return reading > 1 && codedNumbers(missingValues).includes(value);
  if (typeof value !== "string") return false;
  const text = value.trim().toLowerCase(), codes = reading > 1 ? missingValues.map(wholeText) : missingValues;
  return missingValues.includes(text) || (reading > 1 && codedNumbers(missingValues).length > 0 && codes.includes(wholeText(text)));
}

function readText(field, value, reading) {
  const whole = reading > 1 ? wholeText : (text) => text;
  if (field.kind === "boolean") {
    const text = whole(String(value).trim().toLowerCase());
    return TRUE_TEXTS.has(text) ? "yes" : FALSE_TEXTS.has(text) ? "no" : null;
  }
  return typeof value === "boolean" ? (value ? "yes" : "no") : whole(String(value).trim());
}

// As leadqual.bundle.choices.read_choices: the choices of one cell, none where the list is missing, null for what is no list.
const WIDE = { ";": /\uff1b/g, ",": /[\uff0c\u3001]/g, "|": /\uff5c/g };
function readChoices(value, separator, missingValues) {
  const missing = (part) => part === null || part === undefined || (typeof part === "string" && missingValues.includes(part.trim().toLowerCase()));
  if (missing(value)) return [];
  let parts = value;
  if (typeof value === "string") {
    const text = value.trim();
    let listed = null;
    if (text.startsWith("[") && text.endsWith("]")) {
      try { listed = JSON.parse(text); } catch { listed = pythonList(text.slice(1, -1)); }
      if (listed === null && separator === "json") return null;
    }
    parts = Array.isArray(listed) ? listed : separator === "json" ? [text] : splitChoices(text.replace(WIDE[separator], separator), separator);
  } else if (typeof value !== "object") parts = [value];
  if (!Array.isArray(parts) || parts.some((part) => part !== null && typeof part === "object")) return null;
  return [...new Set(parts.filter((part) => !missing(part)).map((part) => (typeof part === "boolean" ? (part ? "yes" : "no") : String(part).trim().normalize("NFC"))))];
}

// The items of a list as Python writes it, null for any other text.
function pythonList(inside) {
  const item = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|([+-]?[0-9]+(?:\.[0-9]+)?)|(None|True|False))\s*(,|$)/y;
  const items = [];
  while (item.lastIndex < inside.length) {
    const found = item.exec(inside);
    if (found === null) return null;
    const [, single, double, number, word] = found;
    items.push(single ?? double ?? (number === undefined ? { None: null, True: true, False: false }[word] : Number(number)));
  }
  return items;
}

// Quotes protect a separator inside a choice, as in a CSV.
function splitChoices(text, separator) {
  const parts = [];
  let part = "", quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const mark = text[i];
    if (quoted && mark === '"' && text[i + 1] === '"') { part += '"'; i += 1; }
    else if (quoted ? mark === '"' : mark === '"' && part.trim() === "") { quoted = !quoted; part = part.trimStart(); }
    else if (mark === separator && !quoted) { parts.push(part); part = ""; }
    else part += mark;
  }
  return [...parts, part];
}

// The lead with yes or no for each choice of its lists; what it has already stays as it is.
function withChoices(data, lead) {
  const added = {};
  data.fields.forEach(({ name, choice }) => {
    if (!choice || !Object.hasOwn(lead, choice.column)) return;
    const choices = readChoices(lead[choice.column], choice.separator, data.missing_values);
    added[name] = choices === null ? {} : choices.length ? (choices.includes(choice.choice) ? "yes" : "no") : null;
  });
  return { ...added, ...lead };
}

// Number of the band that takes a value; null where none does, and the lead counts as average.
function bandOf(field, value, missingValues, reading) {
  const flagged = (flag) => { const at = field.bands.findIndex((band) => band[flag]); return at < 0 ? null : at; };
  if (value === null || value === undefined) return flagged("missing");
  if (reading > 1 && value === false && field.kind !== "boolean" && missingValues.includes("false")) return flagged("missing");
  if (typeof value === "object") return null;
  const texts = reading > 1 && field.kind === "boolean" ? missingValues.filter((text) => text !== "false") : missingValues;
  if (isMissing(value, texts, reading)) return flagged("missing");
  if (field.kind === "numeric") {
    const number = readNumber(value, field, reading);
    if (number === null) return null;
    if (reading > 1 && typeof value === "string" && codedNumbers(missingValues).includes(number)) return flagged("missing");
    const edges = field.bands.filter((band) => band.interval).slice(1).map((band) => band.interval[0]);
    return edges.filter((edge) => edge <= number).length;
  }
  const text = readText(field, value, reading);
  if (text === null) return null;
  const exact = field.bands.findIndex((band) => typeof value === "string" && band.values.includes(value));
  const plain = exact >= 0 ? exact : field.bands.findIndex((band) => band.values.includes(text));
  const at = plain >= 0 || reading < 2 || field.kind === "boolean" ? plain : field.bands.findIndex((band) => band.values.some((own) => wholeText(own) === text));
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
  // a name may hold a colon, as that of a choice does: a known name at the start of a line comes first, the longest
  const longest = [...names].sort((a, b) => b.length - a.length);
  const pairs = lines.map((line) => {
    const name = longest.find((one) => line.trim().toLowerCase().startsWith(one.toLowerCase()) && /^\s*[:=\t]/.test(line.trim().slice(one.length)));
    return name === undefined ? /^([^:=\t]+)[:=\t](.*)$/.exec(line) : [line, name, line.trim().slice(name.length).replace(/^\s*[:=\t]/, "")];
  }).filter(Boolean);
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

function scoredLead(data, given, edits) {
  const lead = withChoices(data, given);
  let points = data.deployed.base_points, proposed = points;
  const worths = [], places = [];
  const reasons = data.fields.map((field) => {
    const place = bandOf(field, lead[field.name], data.missing_values, data.reading), band = place === null ? null : field.bands[place];
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
