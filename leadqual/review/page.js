const data = JSON.parse(document.getElementById("data").textContent);
const earlier = leadsOf(data.earlier), later = leadsOf(data.later), counts = bytesOf(data.draws.counts);
const history = [], undoneEdits = [];
let language = data.language, openEdit = null, before = null, sharing = false;

const $ = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
};
const draw = (tag, attributes, ...children) => {
  const node = document.createElementNS("http:" + "//www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const say = (key, values = {}) => data.words[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const percent = (value, digits = 1) => (value === null ? say("none") : (100 * value).toFixed(digits) + "%");
// what rounds to nothing has no sign
const signed = (value, digits) => { const text = value.toFixed(digits); return Number(text) === 0 ? text.replace("-", "") : (value < 0 ? "" : "+") + text; };
const THRESHOLDS = [["sql", "SQL"], ["mql", "MQL"]];

const settled = () => holding(history);

function propose(edit, { dragging = false } = {}) {
  const reason = $("reason").value.trim();
  if (data.served) { share({ ...edit, reason }, dragging); return; }
  undoneEdits.length = 0;
  const whole = { ...edit, author: $("author").value.trim(), role: $("role").value, reason };
  if (openEdit && targetOf(openEdit) === targetOf(whole)) history[history.length - 1] = whole;
  else history.push(whole);
  openEdit = dragging ? whole : null;
  refresh();
}

function describe(said) {
  const edit = said.band === undefined ? said : { ...said, band: bandName(said.field, said.band) };
  if (edit.edit === "pin") return say("edit_pin", edit);
  if (edit.edit === "leave out") return say("edit_out", edit);
  if (edit.edit === "threshold") return say("edit_threshold", edit);
  if (edit.edit === "capacity") return say("edit_capacity", { share: edit.share === undefined ? `${edit.per_week}` : percent(edit.share, 0) });
  if (edit.edit === "cap") return say("edit_cap", { ...edit, low: edit.at_least ?? "…", high: edit.at_most ?? "…" });
  if (edit.edit === "direction") return say(`edit_direction_${edit.direction}`, edit);
  if (edit.edit === "bring back") return say("edit_back", edit);
  if (edit.edit === "merge") return say("edit_merge", { field: edit.field, bands: edit.bands.map((band) => bandName(edit.field, band)).join(" + ") });
  return say("edit_split", { field: edit.field, band: edit.band, at: edit.at ?? (edit.values || []).join(", ") });
}

function layOut() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = say(node.dataset.word);
  $("language").value = language;
  $("basis").textContent = say("basis", { leads: data.counted.leads.toLocaleString("en"), wins: data.counted.wins.toLocaleString("en"), later: later.size.toLocaleString("en") });
  const wanted = $("filter").value.trim().toLowerCase();
  const range = (f) => Math.max(...f.bands.map((b) => b.points)) - Math.min(...f.bands.map((b) => b.points));
  const orders = { adds: (a, b) => b.adds_log_loss[0] - a.adds_log_loss[0], name: (a, b) => a.name.localeCompare(b.name), range: (a, b) => range(b) - range(a) };
  const shown = data.fields.filter((f) => [f.name, f.dimension || "", ...f.bands.flatMap((b) => [b.label, bandName(f.name, b.label)])].join(" ").toLowerCase().includes(wanted));
  $("fields").replaceChildren(...shown.sort(orders[$("sort").value]).map(fieldCard));
  showUnscored();
  refresh();
  if (data.served && sharing) layOutShared();
}

function refresh() {
  const list = settled(), edits = editsOf(data, list);
  before = before || appraise(data, earlier, later, editsOf(data, []));
  const after = appraise(data, earlier, later, edits, before.policy);
  showProblems(edits, after);
  const found = priced(data, later, counts, before, after);
  showMeasures(found, list.length > 0);
  showSegments(found.segments);
  showFields(edits, list);
  showPolicy(edits, after);
  showThresholds(after);
  $("history").replaceChildren(...list.map((edit) => make("li", {}, `${describe(edit)}${edit.author ? ` — ${edit.author} (${say(edit.role)})` : ""}${edit.reason ? `: ${edit.reason}` : ""} `,
    make("button", { type: "button", "data-take-back": describe(edit), "aria-label": say("withdraw_one", { edit: describe(edit) }), onclick: () => propose({ ...edit, back: true }) }, say("withdraw")))));
  $("undo").disabled = history.length === 0;
  $("redo").disabled = undoneEdits.length === 0;
  if (data.served && sharing) showHistory();
  $("download").disabled = list.length === 0 || !after.policy.ordered || edits.undone.length > 0;
  showDistribution(after);
  showCalibration(after);
  lookUp();
}

function showProblems(edits, after) {
  const wrong = after.policy.ordered ? [] : [say("out_of_order")];
  const said = (list) => list.map(describe).join("; ");
  if (edits.undone.length) wrong.push(say("undone", { edits: said(edits.undone) }));
  $("problem").textContent = wrong.join(" ");
  $("unpriced").textContent = edits.unpriced.length ? say("unpriced", { edits: said(edits.unpriced) }) : "";
}

function measureRows(measures, figures = true) {
  return Object.entries(measures).map(([name, m]) => {
    const { better, digits, percentage, label } = data.measures[name], form = (v) => (percentage ? percent(v, digits) : v.toFixed(digits));
    const cell = (key, text, extra = "") => make("td", { [figures ? "data-figure" : "data-priced"]: `${name}:${key}`, class: extra }, ...[text].flat());
    const sign = m.difference > 0 ? "+" : "";
    const told = m.difference === null ? say("none") : [`${sign}${form(m.difference)} `, make("span", { class: "interval" }, say("interval", { low: `${m.low > 0 ? "+" : ""}${form(m.low)}`, high: `${m.high > 0 ? "+" : ""}${form(m.high)}` }))];
    const sure = m.difference !== null && better !== "nearest one" && (m.low > 0 || m.high < 0);
    const good = (m.difference > 0) === (better === "higher");
    return make("tr", {}, make("th", { scope: "row" }, label[language]), cell("before", m.before === null ? say("none") : form(m.before)), cell("after", m.after === null ? say("none") : form(m.after)),
      cell("difference", told, sure ? (good ? "better" : "worse") : ""));
  });
}

function showMeasures(found, changed) {
  document.querySelector("#measures tbody").replaceChildren(...measureRows(found.measures));
  const wins = found.measures.wins_at_capacity, [low, middle, high] = [wins.low, wins.difference, wins.high].map((v) => Math.round(v) || 0);
  const sure = wins.low > 0 || wins.high < 0;
  const [near, far] = [Math.abs(low), Math.abs(high)].sort((a, b) => a - b);
  const unclear = low < 0 && high > 0 ? say("wins_either", { fewer: -low, more: high }) : low < 0 ? say("wins_down", { near, far }) : say("wins_up", { near, far });
  const told = sure && middle ? say(middle < 0 ? "wins_fewer" : "wins_more", { count: Math.abs(middle), low: near, high: far }) : low || high ? unclear : say("wins_same");
  const share = say("regraded", { share: percent(found.regraded / later.size) });
  $("said").textContent = changed ? `${told}; ${share}.` : say("nothing");
  const moves = Object.entries(found.moves).sort().map(([pair, leads]) => `${pair[0]}→${pair[1]} ${leads}`).join(", ");
  $("moves").textContent = moves ? say("moves", { moves }) : "";
}

// What begins at other points, or holds another share of the leads; as leadqual.agreement.price words it.
function showThresholds(after) {
  const starts = (policy) => ({ SQL: policy.sql, MQL: policy.mql, ...policy.grades });
  const inForce = startsInForce(data);
  const shares = ({ points, policy }) => {
    const leads = Object.fromEntries(Object.keys(inForce).map((name) => [name, 0]));
    for (const p of points) { leads.SQL += p >= policy.sql; leads.MQL += p >= policy.mql; leads[gradeOf(policy, p)] += 1; }
    return Object.fromEntries(Object.entries(leads).map(([name, count]) => [name, count / later.size]));
  };
  const [wasShares, isShares] = [before, after].map(shares);
  const rows = Object.keys(inForce).flatMap((name) => {
    const [from, to] = [starts(before.policy)[name], starts(after.policy)[name]], was = wasShares[name], is = isShares[name];
    const here = inForce[name], there = here === null ? null : here + to - from;
    if (here === there && was === is) return [];
    const points = here === there ? name : say("threshold_moves", { name, from: here, to: there });
    return [make("li", { "data-threshold": name, class: was > 0 && is === 0 ? "worse" : "" }, was > 0 && is === 0 ? say("threshold_empty", { points, from: percent(was), to: percent(is) }) : percent(was) === percent(is) ? say("threshold_same", { points, share: percent(is) }) : say("threshold_share", { points, from: percent(was), to: percent(is) }))];
  });
  $("moved-thresholds").replaceChildren(...rows);
}

function showSegments(segments) {
  $("segments").hidden = segments.length === 0;
  document.querySelector("#segments tbody").replaceChildren(...segments.slice(0, 20).map((one) => make("tr", { "data-segment": JSON.stringify([one.field, one.label]) },
    make("th", { scope: "row" }, `${one.field}: ${bandName(one.field, one.label)}`), make("td", {}, one.leads.toLocaleString("en")), make("td", {}, String(one.up)), make("td", {}, String(one.down)))));
}

// Thresholds are shown as they are in force; on the later leads, whose points know nothing of them, they lie elsewhere.
function showPolicy(edits, after) {
  $("share").value = Math.round(after.worked * 100);
  $("share-said").textContent = percent(after.worked, 0);
  for (const [id, threshold] of THRESHOLDS) {
    const shift = data.deployed[id] - before.policy[id], points = edits.thresholds.get(threshold) ?? after.policy[id] + shift;
    $(id).value = points;
    const slide = $(`${id}-slide`);
    slide.min = Math.min(...before.points) + shift;
    slide.max = Math.max(...before.points) + shift;
    slide.value = points;
  }
  $("in-force").textContent = say("in_force", { sql: data.deployed.sql, mql: data.deployed.mql, sql_here: before.policy.sql, mql_here: before.policy.mql });
}

function showDistribution(side) {
  const low = Math.min(...side.points), high = Math.max(...side.points), step = Math.max(1, Math.ceil((high - low + 1) / 40));
  const size = Math.floor((high - low) / step) + 1, all = new Array(size).fill(0), won = new Array(size).fill(0);
  side.points.forEach((p, i) => { const at = Math.floor((p - low) / step); all[at]++; won[at] += later.won[i]; });
  const top = Math.max(...all), wide = 380 / size, place = (p) => 10 + ((p - low) / step) * wide;
  const bars = all.flatMap((leads, i) => [[leads, "#b9c6d4"], [won[i], "#0067a3"]].map(([n, fill]) => draw("rect", { x: 10 + i * wide, y: 110 - (n / top) * 95, width: Math.max(wide - 1, 0.5), height: (n / top) * 95, fill })));
  const lines = [["SQL", side.policy.sql], ["MQL", side.policy.mql]].flatMap(([name, at], k) => [draw("line", { x1: place(at), x2: place(at), y1: 14 + 12 * k, y2: 112, stroke: "#a8320f", "stroke-dasharray": k ? "3 3" : "none" }), draw("text", { x: place(at) + (k ? -3 : 3), y: 20 + 12 * k, "text-anchor": k ? "end" : "start" }, name)]);
  $("distribution").replaceChildren(draw("svg", { viewBox: "0 0 400 128", role: "img", "aria-label": say("distribution") }, ...bars, ...lines, draw("text", { x: 10, y: 124 }, String(low)), draw("text", { x: 370, y: 124 }, String(high))));
}

function showCalibration(side) {
  const bins = reliability(later.won, side.probability);
  const top = Math.max(0.05, ...bins.flatMap(({ predicted, actual }) => [predicted, actual])) * 1.05, place = ({ predicted: p, actual: a }) => [30 + (p / top) * 350, 150 - (a / top) * 140];
  const dots = bins.map((bin) => draw("circle", { cx: place(bin)[0], cy: place(bin)[1], r: 4, fill: "#0067a3" }, draw("title", {}, say("promised_actual", { promised: percent(bin.predicted), actual: percent(bin.actual), leads: bin.leads }))));
  $("calibration").replaceChildren(draw("svg", { viewBox: "0 0 400 168", role: "img", "aria-label": say("calibration") }, draw("line", { x1: 30, y1: 150, x2: 380, y2: 10, stroke: "#8a94a3", "stroke-dasharray": "4 3" }), ...dots,
    draw("text", { x: 30, y: 164 }, "0%"), draw("text", { x: 345, y: 164 }, percent(top, 0)), draw("text", { x: 2, y: 16 }, percent(top, 0))));
}

function proposal() {
  const edits = settled().map(({ back, ...edit }) => edit);
  return JSON.stringify({ format: 1, bundle: data.digest, name: "", edits }, null, 2) + "\n";
}

function lookUp() {
  const text = $("lead").value, lead = pastedLead(text, data.fields.flatMap((f) => (f.choice ? [f.choice.column, f.name] : [f.name])));
  const answer = $("looked-up");
  if (text.trim() === "") { answer.replaceChildren(); return; }
  if (lead === null) { answer.replaceChildren(say("lead_unreadable")); return; }
  const found = scoredLead(data, lead, editsOf(data, settled())), [p, low, high] = found.probability;
  const strange = Object.keys(lead).filter((name) => !data.fields.some((f) => f.name === name || (f.choice && f.choice.column === name))).length;
  const rows = found.reasons.filter((r) => r.given || r.difference).map((r) => make("tr", {}, make("th", { scope: "row" }, r.field), make("td", {}, r.label === null ? say("counted_average") : bandName(r.field, r.label)), make("td", { "data-reason": r.field }, signed(r.difference, 0))));
  const head = ["field", "band", "than_average"].map((key) => make("th", { scope: "col" }, say(key)));
  const sums = [...found.dimensions].filter(([dimension]) => dimension !== null).map(([dimension, points]) => make("li", { "data-dimension": dimension }, `${dimension} ${signed(points, 0)}`));
  answer.replaceChildren(make("p", { id: "lead-said" }, say("lead_said", { points: found.points, grade: found.grade, probability: percent(p), low: percent(low), high: percent(high) }),
    found.proposed === found.points ? "" : ` ${say("lead_proposed", { points: found.proposed })}`, strange ? ` ${say("lead_strange", { count: strange })}` : ""),
    make("p", { id: "lead-lift" }, found.lift === null ? say("lift_none") : found.lift.length ? say("lift", { changes: found.lift.map((c) => `${c.field}: ${bandName(c.field, c.label)} (${signed(c.points, 0)})`).join(", ") }) : ""),
    ...(sums.length ? [make("p", { class: "quiet" }, say("by_dimension")), make("ul", { class: "inline" }, ...sums)] : []),
    make("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "lead-title" }, make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))));
}

$("lead").addEventListener("input", lookUp);
$("language").addEventListener("change", () => { language = $("language").value; layOut(); });
for (const id of ["filter", "sort"]) $(id).addEventListener("input", layOut);
$("undo").addEventListener("click", () => { if (data.served) { undoMine(); return; } undoneEdits.push(history.pop()); openEdit = null; refresh(); });
$("redo").addEventListener("click", () => { history.push(undoneEdits.pop()); openEdit = null; refresh(); });
for (const [kind, dragging] of [["input", true], ["change", false]]) {
  $("share").addEventListener(kind, () => propose({ edit: "capacity", share: Number($("share").value) / 100 }, { dragging }));
  for (const [id, threshold] of THRESHOLDS) $(`${id}-slide`).addEventListener(kind, () => propose({ edit: "threshold", threshold, points: $(`${id}-slide`).valueAsNumber }, { dragging }));
}
for (const [id, threshold] of THRESHOLDS)
  $(id).addEventListener("change", () => { if (Number.isInteger($(id).valueAsNumber)) propose({ edit: "threshold", threshold, points: $(id).valueAsNumber }); });
$("download").addEventListener("click", () => {
  const link = make("a", { href: URL.createObjectURL(new Blob([proposal()], { type: "application/json" })), download: "proposal.json" });
  link.click();
  URL.revokeObjectURL(link.href);
});
// A proposal after the # opens with the page: so it can be sent as a link.
if (location.hash.startsWith("#proposal=")) {
  try {
    const { edits } = JSON.parse(decodeURIComponent(location.hash.slice(10)));
    if (edits.every(readable)) history.push(...edits);
  } catch { history.length = 0; }
}
layOut();
