"use strict";
// What leadqual.agreement.price computes for an override, on the same leads and the same draws.

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function codesOf(packed, leads) {
  const bytes = bytesOf(packed.data);
  if (packed.bits === 8) return bytes;
  const codes = new Uint8Array(leads);
  for (let i = 0; i < leads; i++) codes[i] = i % 2 ? bytes[i >> 1] >> 4 : bytes[i >> 1] & 15;
  return codes;
}

function leadsOf(part) {
  const bits = bytesOf(part.won);
  const won = Uint8Array.from({ length: part.leads }, (_, i) => (bits[i >> 3] >> (i % 8)) & 1);
  const codes = part.codes.map((packed) => codesOf(packed, part.leads));
  const weight = part.weight ? new Float64Array(bytesOf(part.weight).buffer) : new Float64Array(part.leads).fill(1);
  return { size: part.leads, won, codes, weight, block: part.block ? bytesOf(part.block) : null };
}

function pointsUnder(data, leads, edits) {
  let base = data.base_points;
  const points = new Int32Array(leads.size);
  data.fields.forEach((field, f) => {
    if (edits.leftOut.has(field.name)) { base += field.held_average; return; }
    const changed = edits.fields.get(field.name);
    const worth = [...(changed ? changed.held : field.bands.map((b) => b.held)), field.held_average];
    const codes = leads.codes[f];
    for (let i = 0; i < leads.size; i++) points[i] += worth[codes[i]];
  });
  for (let i = 0; i < leads.size; i++) points[i] += base;
  return points;
}

// The most probable intercept and slope on the points' log-odds, shrunk towards no change.
function calibrated(data, points, leads, first, last) {
  const unit = Math.LN2 / data.points_to_double_odds, shift = Math.log(data.base_rate / (1 - data.base_rate));
  const size = last - first + 1;
  const x = Float64Array.from({ length: size }, (_, i) => (first + i - 100) * unit + shift);
  const count = new Float64Array(size), wins = new Float64Array(size);
  let mass = 0, sum = 0;
  for (let i = 0; i < leads.size; i++) {
    const at = points[i] - first;
    count[at] += leads.weight[i];
    wins[at] += leads.weight[i] * leads.won[i];
    mass += leads.weight[i];
    sum += leads.weight[i] * x[at];
  }
  const centre = sum / mass, spread = data.spread;
  const likely = (a, b) => {
    let sum = -(((a - centre) / spread[0]) ** 2 + ((b - 1) / spread[1]) ** 2) / 2;
    for (let i = 0; i < size; i++) {
      if (!count[i]) continue;
      const t = a + b * (x[i] - centre);
      sum += wins[i] * t - count[i] * (Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t))));
    }
    return sum;
  };
  const fit = (free) => {
    let a = centre, b = free ? 1 : 0, value = likely(a, b);
    for (let round = 0; round < 100; round++) {
      let ga = -(a - centre) / spread[0] ** 2, gb = -(b - 1) / spread[1] ** 2;
      let haa = 1 / spread[0] ** 2, hab = 0, hbb = 1 / spread[1] ** 2;
      for (let i = 0; i < size; i++) {
        if (!count[i]) continue;
        const z = x[i] - centre, p = 1 / (1 + Math.exp(-(a + b * z))), w = count[i] * p * (1 - p);
        const rest = wins[i] - count[i] * p;
        ga += rest; gb += rest * z; haa += w; hab += w * z; hbb += w * z * z;
      }
      const det = free ? haa * hbb - hab * hab : haa;
      let da = free ? (hbb * ga - hab * gb) / det : ga / haa, db = free ? (haa * gb - hab * ga) / det : 0;
      let moved = likely(a + da, b + db);
      // where points spread wide a whole step may overshoot for good
      while (moved < value && Math.abs(da) + Math.abs(db) > 1e-10) { da /= 2; db /= 2; moved = likely(a + da, b + db); }
      if (moved < value) break;
      a += da; b += db; value = moved;
      if (Math.abs(da) + Math.abs(db) < 1e-12) break;
    }
    return [a, b];
  };
  let [a, b] = fit(true);
  if (b < 0) [a, b] = fit(false);
  return x.map((value) => Math.min(Math.max(1 / (1 + Math.exp(-(a + b * (value - centre)))), 1e-6), 1 - 1e-6));
}

function volumes(points) {
  const counts = new Map();
  for (const p of points) counts.set(p, (counts.get(p) || 0) + 1);
  const distinct = [...counts.keys()].sort((p, q) => p - q);
  const volume = new Array(distinct.length);
  let total = 0;
  for (let i = distinct.length - 1; i >= 0; i--) { total += counts.get(distinct[i]); volume[i] = total / points.length; }
  return { counts, distinct, volume };
}

function fewestPoints({ distinct, volume }, share) {
  for (let i = distinct.length - 1; i >= 0; i--) if (volume[i] > share + 1e-9) return distinct[i] + 1;
  return distinct[0];
}

const startsInForce = (data) => ({ SQL: data.deployed.sql, MQL: data.deployed.mql, ...Object.fromEntries(data.deployed.grades) });

// As leadqual.agreement.appraisal.thresholds_moved_alike: by as much as they move the thresholds in force.
function movedAlike(data, now, thresholds) {
  const inForce = startsInForce(data);
  const here = { SQL: now.sql, MQL: now.mql, ...now.grades }, moved = new Map();
  for (const [name, points] of thresholds) moved.set(name, points + here[name] - inForce[name]);
  const said = (...names) => names.filter((name) => thresholds.has(name)).map((name) => thresholds.get(name))[0];
  const there = (...names) => names.filter((name) => moved.has(name)).map((name) => moved.get(name))[0];
  const b = said("B", "SQL") ?? inForce.B, bHere = there("B", "SQL") ?? here.B, sqlHere = there("SQL") ?? here.SQL;
  if (moved.has("MQL") && said("MQL") <= (said("SQL") ?? inForce.SQL)) moved.set("MQL", Math.min(moved.get("MQL"), sqlHere));
  if (moved.has("A") && said("A") > b) moved.set("A", Math.max(moved.get("A"), bHere + 1));
  if (moved.has("C") && said("C") < b) moved.set("C", Math.min(moved.get("C"), bHere - 1));
  return moved;
}

function policyUnder(data, points, first, probability, edits, share, now) {
  const grades = Object.fromEntries(data.policy.grades.map(([name, start]) => [name, start]));
  let { sql, mql } = data.policy;
  if (share !== null) {
    const volume = volumes(points), distinct = volume.distinct;
    sql = fewestPoints(volume, share);
    let above = 0;
    for (const p of points) above += p >= sql;
    const at = probability.findIndex((value) => value >= data.base_rate - 5e-7);
    let middle = at > 0 ? first + at : Math.min(first, distinct[0]);
    if (at < 0) middle = Math.max(first + probability.length - 1, distinct[distinct.length - 1]) + 1;
    mql = Math.min(middle, sql);
    grades.A = Math.max(fewestPoints(volume, above / points.length / 2), sql + 1);
    grades.B = sql;
    grades.C = mql;
  }
  const moved = now ? movedAlike(data, now, edits.thresholds) : edits.thresholds;
  if (moved.size) {
    for (const name of ["A", "B", "C"]) if (moved.has(name)) grades[name] = moved.get(name);
    sql = moved.has("SQL") ? moved.get("SQL") : sql;
    mql = moved.has("MQL") ? moved.get("MQL") : mql;
    if (moved.has("SQL") && !moved.has("B")) {
      grades.B = sql;
      if (!moved.has("A")) grades.A = Math.max(grades.A, sql + 1);
    }
    if (moved.has("MQL") && !moved.has("C")) grades.C = Math.min(mql, grades.B - 1);
    else if (!moved.has("C")) grades.C = Math.min(grades.C, grades.B - 1);
  }
  const ordered = grades.A > grades.B && (moved.size ? grades.B > grades.C : grades.B >= grades.C) && mql <= sql;
  return { sql, mql, grades, ordered };
}

function appraise(data, earlier, later, edits, now = null) {
  const before = pointsUnder(data, earlier, edits), points = pointsUnder(data, later, edits);
  let first = Infinity, last = -Infinity;
  for (const part of [before, points]) for (const p of part) { if (p < first) first = p; if (p > last) last = p; }
  const curve = calibrated(data, before, earlier, first, last);
  const share = edits.share === null ? data.policy.share : edits.share;
  const policy = policyUnder(data, points, first, curve, edits, share, now);
  let worked = share;
  if (share === null || edits.thresholds.has("SQL")) {
    let above = 0;
    for (const p of points) above += p >= policy.sql;
    worked = above / points.length;
  }
  return { points, probability: Float64Array.from(points, (p) => curve[p - first]), policy, worked, first, curve };
}

function workedLeads(side) {
  const { counts, distinct } = volumes(side.points);
  const part = new Map();
  let before = 0;
  for (let i = distinct.length - 1; i >= 0; i--) {
    const leads = counts.get(distinct[i]);
    part.set(distinct[i], Math.min(Math.max((side.worked * side.points.length - before) / leads, 0), 1));
    before += leads;
  }
  return Float64Array.from(side.points, (p) => part.get(p));
}

function quantile(sorted, q) {
  const at = (sorted.length - 1) * q, low = Math.floor(at), high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

function measure(data, later, counts, before, after) {
  const blocks = data.draws.blocks;
  const ratio = ([above, below]) => {
    let a = 0, b = 0;
    for (let i = 0; i < above.length; i++) { a += above[i]; b += below[i]; }
    return b ? a / b : null;
  };
  const sums = (values) => {
    const total = new Float64Array(blocks);
    for (let i = 0; i < values.length; i++) total[later.block[i]] += values[i];
    return total;
  };
  const now = ratio(before), proposed = ratio(after);
  if (now === null || proposed === null) return { before: now, after: proposed, difference: null, low: null, high: null };
  const parts = [...before, ...after].map(sums), drawn = [];
  for (let r = 0; r * blocks < counts.length; r++) {
    const total = [0, 0, 0, 0];
    for (let k = 0; k < blocks; k++) for (let m = 0; m < 4; m++) total[m] += counts[r * blocks + k] * parts[m][k];
    const change = total[2] / total[3] - total[0] / total[1];
    if (Number.isFinite(change)) drawn.push(change);
  }
  drawn.sort((p, q) => p - q);
  return { before: now, after: proposed, difference: proposed - now, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

function gradeOf(policy, points) {
  return points >= policy.grades.A ? "A" : points >= policy.grades.B ? "B" : points >= policy.grades.C ? "C" : "D";
}

function priced(data, later, counts, before, after) {
  const won = later.won, one = new Float64Array(later.size).fill(1);
  const scale = data.leads_per_week === null ? 1000 : 13 * data.leads_per_week;
  const loss = (s) => Float64Array.from(s.probability, (p, i) => -Math.log(won[i] ? p : 1 - p));
  const wins = (s) => workedLeads(s).map((part, i) => scale * won[i] * part);
  const chosen = (s, from) => Float64Array.from(s.points, (p) => (p >= from ? 1 : 0));
  const precise = (s, from) => { const in_ = chosen(s, from); return [in_.map((v, i) => v * won[i]), in_]; };
  const parts = {
    log_loss: (s) => [loss(s), one],
    predicted_over_actual: (s) => [s.probability, won],
    wins_at_capacity: (s) => [wins(s), one],
    precision_sql: (s) => precise(s, s.policy.sql),
    precision_mql: (s) => precise(s, s.policy.mql),
  };
  const measures = {};
  for (const [name, part] of Object.entries(parts)) measures[name] = measure(data, later, counts, part(before), part(after));
  const moves = {}, better = new Int8Array(later.size);
  let regraded = 0;
  for (let i = 0; i < later.size; i++) {
    const a = gradeOf(before.policy, before.points[i]), b = gradeOf(after.policy, after.points[i]);
    if (a !== b) { moves[a + b] = (moves[a + b] || 0) + 1; regraded++; better[i] = b < a ? 1 : -1; }
  }
  return { measures, moves, regraded, segments: regraded ? segmentsOf(data, later, better) : [] };
}

// Who changes grade, by the bands of each field that is no number: counts, never people.
function segmentsOf(data, later, better) {
  const found = [];
  data.fields.forEach((field, f) => {
    if (field.kind === "numeric") return;
    const segments = field.bands.map((band) => ({ field: field.name, label: band.label, leads: 0, up: 0, down: 0 }));
    for (let i = 0; i < later.size; i++) {
      const segment = segments[later.codes[f][i]];
      if (!segment) continue;
      segment.leads++;
      if (better[i] > 0) segment.up++;
      else if (better[i] < 0) segment.down++;
    }
    found.push(...segments.filter((one) => one.up + one.down));
  });
  return found.sort((a, b) => b.up + b.down - a.up - a.down);
}

// As leadqual.evaluation.reliability: leads of the same probability stay together, whatever their order.
function reliability(won, probability, most = 10) {
  const size = probability.length, bins = new Map();
  if (size < 10 * most) return [];
  const order = Array.from(probability.keys()).sort((i, j) => probability[i] - probability[j]);
  for (let from = 0, to = 0; from < size; from = to) {
    while (to < size && probability[order[to]] === probability[order[from]]) to++;
    const at = Math.min(Math.floor(((from + to) * most) / (2 * size)), most - 1);
    const bin = bins.get(at) || { predicted: 0, actual: 0, leads: 0 };
    for (const i of order.slice(from, to)) { bin.predicted += probability[i]; bin.actual += won[i]; bin.leads++; }
    bins.set(at, bin);
  }
  return [...bins.values()].map(({ predicted, actual, leads }) => ({ predicted: predicted / leads, actual: actual / leads, leads }));
}
