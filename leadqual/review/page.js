const data = JSON.parse(document.getElementById("data").textContent);
const earlier = leadsOf(data.earlier), later = leadsOf(data.later), counts = bytesOf(data.draws.counts);
const history = [];
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
const percent = (value, digits = 1) => (value === null ? say("none") : (100 * value).toFixed(digits) + " %");
const signed = (value, digits) => (value < 0 || Object.is(value, -0) ? "" : "+") + value.toFixed(digits);
const FORMS = {
  log_loss: (v) => v.toFixed(4), predicted_over_actual: (v) => v.toFixed(3), wins_at_capacity: (v) => v.toFixed(1),
  precision_sql: (v) => percent(v), precision_mql: (v) => percent(v),
};
const LOWER_IS_BETTER = new Set(["log_loss"]);

// The state is nothing but the edits made so far, one after the other.
function editsOf(list) {
  const edits = { pins: new Map(), leftOut: new Set(), thresholds: new Map(), share: null };
  for (const edit of list) {
    if (edit.edit === "pin") {
      if (!edits.pins.has(edit.field)) edits.pins.set(edit.field, new Map());
      edits.pins.get(edit.field).set(edit.band, edit.points);
    } else if (edit.edit === "leave out") edits.leftOut.add(edit.field);
    else if (edit.edit === "threshold") edits.thresholds.set(edit.threshold, edit.points);
    else if (edit.edit === "capacity") edits.share = edit.share;
  }
  return edits;
}

const targetOf = (edit) => [edit.edit, edit.field, edit.band, edit.threshold].join("\u0000");

// What holds in the end: the last edit of each target, as proposals must not contradict themselves.
function settled() {
  const last = new Map();
  for (const edit of history) {
    if (edit.edit === "capacity") last.delete("threshold\u0000\u0000\u0000SQL");
    if (edit.edit === "threshold" && edit.threshold === "SQL") last.delete("capacity\u0000\u0000\u0000");
    last.delete(targetOf(edit));
    if (!edit.back) last.set(targetOf(edit), edit);
  }
  const list = [...last.values()];
  const out = new Set(list.filter((edit) => edit.edit === "leave out").map((edit) => edit.field));
  return list.filter((edit) => edit.edit !== "pin" || !out.has(edit.field));
}

function propose(edit, { dragging = false } = {}) {
  const reason = $("reason").value.trim();
  if (data.served) { share({ ...edit, reason }, dragging); return; }
  const whole = { ...edit, author: $("author").value.trim(), role: $("role").value, reason };
  if (openEdit && targetOf(openEdit) === targetOf(whole)) history[history.length - 1] = whole;
  else history.push(whole);
  openEdit = dragging ? whole : null;
  refresh();
}

function describe(edit) {
  if (edit.edit === "pin") return say("edit_pin", edit);
  if (edit.edit === "leave out") return say("edit_out", edit);
  if (edit.edit === "threshold") return say("edit_threshold", edit);
  if (edit.edit === "capacity") return say("edit_capacity", { share: edit.share === undefined ? `${edit.per_week}` : percent(edit.share, 0) });
  if (edit.edit === "cap") return say("edit_cap", { ...edit, low: edit.at_least ?? "…", high: edit.at_most ?? "…" });
  if (edit.edit === "direction") return say(`edit_direction_${edit.direction}`, edit);
  if (edit.edit === "bring back") return say("edit_back", edit);
  if (edit.edit === "merge") return say("edit_merge", { field: edit.field, bands: edit.bands.join(" + ") });
  return say("edit_split", { field: edit.field, band: edit.band, at: edit.at ?? (edit.values || []).join(", ") });
}

function fieldCard(field) {
  const widest = Math.max(...field.bands.map((b) => b.rate[0] || 0), 0.01);
  const rows = field.bands.map((band) => {
    const slider = make("input", { type: "range", min: Math.min(-60, band.points - 20), max: Math.max(60, band.points + 20), step: 1,
      "data-field": field.name, "data-band": band.label, "aria-label": say("slider_label", { field: field.name, band: band.label }) });
    slider.value = band.points;
    const pin = (dragging) => {
      const points = Number(slider.value);
      propose({ edit: "pin", field: field.name, band: band.label, points, back: points === band.points }, { dragging });
    };
    slider.addEventListener("input", () => pin(true));
    slider.addEventListener("change", () => pin(false));
    const bar = make("span", { class: "rate" });
    bar.style.width = `${(band.rate[0] || 0) / widest * 4}em`;
    const rate = make("td", { class: "won" }, make("span", { class: "track" }, bar), band.rate[0] === null ? say("none") : `${percent(band.rate[0])} (${percent(band.rate[1])}–${percent(band.rate[2])})`);
    return make("tr", { "data-row": band.label }, make("th", { scope: "row" }, band.label), make("td", { class: "worth" }, String(band.points)),
      make("td", { class: "slide" }, slider), make("td", {}, band.leads.toLocaleString("en")), rate,
      make("td", { class: "blocks" }, band.blocks.map((p) => (p === null ? "·" : signed(p, 0))).join(" ")));
  });
  const out = make("input", { type: "checkbox", "data-out": field.name });
  out.addEventListener("change", () => propose({ edit: "leave out", field: field.name, back: !out.checked }));
  const [loss, lossLow, lossHigh] = field.adds_log_loss, wins = field.adds_wins.map((v) => (v === null ? say("none") : signed(v, 1)));
  const head = make("header", {}, make("h2", {}, field.name), make("span", { class: "quiet" }, [field.dimension, field.actionable ? say("actionable") : null].filter(Boolean).join(", ")),
    make("label", { class: "inline" }, out, say("leave_out")));
  const columns = ["band", "points", "slide", "leads", "won", "blocks"].map((key) => make("th", { scope: "col", class: key }, say(key)));
  return make("section", { class: "field", "data-card": field.name, "aria-label": field.name }, head,
    make("p", { class: "quiet" }, say("adds", { loss: signed(loss, 4), loss_low: signed(lossLow, 4), loss_high: signed(lossHigh, 4), wins: wins[0], wins_low: wins[1], wins_high: wins[2] })),
    ...field.findings.map(([code, severity]) => make("p", { class: "finding" }, say("finding", { code, severity }))),
    make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {}, ...columns)), make("tbody", {}, ...rows))));
}

function layOut() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = say(node.dataset.word);
  $("language").value = language;
  $("basis").textContent = say("basis", { leads: data.counted.leads.toLocaleString("en"), wins: data.counted.wins.toLocaleString("en"), later: later.size.toLocaleString("en") });
  const wanted = $("filter").value.trim().toLowerCase();
  const range = (f) => Math.max(...f.bands.map((b) => b.points)) - Math.min(...f.bands.map((b) => b.points));
  const orders = { adds: (a, b) => b.adds_log_loss[0] - a.adds_log_loss[0], name: (a, b) => a.name.localeCompare(b.name), range: (a, b) => range(b) - range(a) };
  const shown = data.fields.filter((f) => [f.name, f.dimension || "", ...f.bands.map((b) => b.label)].join(" ").toLowerCase().includes(wanted));
  $("fields").replaceChildren(...shown.sort(orders[$("sort").value]).map(fieldCard));
  refresh();
  if (data.served && sharing) layOutShared();
}

function refresh() {
  const list = settled(), edits = editsOf(list);
  before = before || appraise(data, earlier, later, editsOf([]));
  const after = appraise(data, earlier, later, edits);
  $("problem").textContent = after.policy.ordered ? "" : say("out_of_order");
  const found = priced(data, later, counts, before, after);
  showMeasures(found, list.length > 0);
  showInputs(edits, after);
  $("history").replaceChildren(...list.map((edit) => make("li", {}, `${describe(edit)}${edit.author ? ` — ${edit.author} (${say(edit.role)})` : ""}${edit.reason ? `: ${edit.reason}` : ""}`)));
  $("undo").disabled = history.length === 0;
  if (data.served && sharing) showHistory();
  $("download").disabled = list.length === 0 || !after.policy.ordered;
  showDistribution(after);
  showCalibration(after);
  lookUp();
}

function showMeasures(found, changed) {
  const rows = Object.entries(found.measures).map(([name, m]) => {
    const form = FORMS[name], label = name === "wins_at_capacity" ? say(`wins_at_capacity_${data.wins_per}`) : say(name);
    const cell = (key, text, extra = "") => make("td", { "data-figure": `${name}:${key}`, class: extra }, ...[text].flat());
    const sign = m.difference > 0 ? "+" : "";
    const told = m.difference === null ? say("none") : [`${sign}${form(m.difference)} `, make("span", { class: "interval" }, say("interval", { low: `${m.low > 0 ? "+" : ""}${form(m.low)}`, high: `${m.high > 0 ? "+" : ""}${form(m.high)}` }))];
    const sure = m.difference !== null && name !== "predicted_over_actual" && (m.low > 0 || m.high < 0);
    const good = (m.difference > 0) !== LOWER_IS_BETTER.has(name);
    return make("tr", {}, make("th", { scope: "row" }, label), cell("before", m.before === null ? say("none") : form(m.before)), cell("after", m.after === null ? say("none") : form(m.after)),
      cell("difference", told, sure ? (good ? "better" : "worse") : ""));
  });
  document.querySelector("#measures tbody").replaceChildren(...rows);
  const wins = found.measures.wins_at_capacity, [low, middle, high] = [wins.low, wins.difference, wins.high].map((v) => Math.round(v) || 0);
  const key = middle < 0 ? "wins_fewer" : middle > 0 ? "wins_more" : "wins_same";
  const ends = middle < 0 ? { low: -high || 0, high: -low || 0 } : { low, high };
  const share = say("regraded", { share: percent(found.regraded / later.size) });
  $("said").textContent = changed ? `${say(key, { count: Math.abs(middle), ...ends })}; ${share}.` : say("nothing");
  const moves = Object.entries(found.moves).sort().map(([pair, leads]) => `${pair[0]}→${pair[1]} ${leads}`).join(", ");
  $("moves").textContent = moves ? say("moves", { moves }) : "";
}

function showInputs(edits, after) {
  for (const row of document.querySelectorAll("tr[data-row]")) {
    const slider = row.querySelector("input"), field = data.fields.find((f) => f.name === slider.dataset.field);
    const band = field.bands.find((b) => b.label === slider.dataset.band);
    const points = edits.pins.get(field.name)?.get(band.label) ?? band.points;
    slider.value = points;
    slider.disabled = edits.leftOut.has(field.name);
    row.querySelector(".worth").textContent = points === band.points ? String(points) : `${band.points} → ${points}`;
    row.classList.toggle("changed", points !== band.points);
  }
  for (const card of document.querySelectorAll("[data-card]")) {
    const out = edits.leftOut.has(card.dataset.card);
    card.classList.toggle("out", out);
    card.querySelector("[data-out]").checked = out;
  }
  $("share").value = Math.round(after.worked * 100);
  $("share-said").textContent = percent(after.worked, 0);
  $("sql").value = after.policy.sql;
  $("mql").value = after.policy.mql;
}

function showDistribution(side) {
  const low = Math.min(...side.points), high = Math.max(...side.points), step = Math.max(1, Math.ceil((high - low + 1) / 40));
  const size = Math.floor((high - low) / step) + 1, all = new Array(size).fill(0), won = new Array(size).fill(0);
  side.points.forEach((p, i) => { const at = Math.floor((p - low) / step); all[at]++; won[at] += later.won[i]; });
  const top = Math.max(...all), wide = 380 / size, place = (p) => 10 + ((p - low) / step) * wide;
  const bars = all.flatMap((leads, i) => [[leads, "#b9c6d4"], [won[i], "#0067a3"]].map(([n, fill]) => draw("rect", { x: 10 + i * wide, y: 110 - (n / top) * 95, width: Math.max(wide - 1, 0.5), height: (n / top) * 95, fill })));
  const lines = [["SQL", side.policy.sql], ["MQL", side.policy.mql]].flatMap(([name, at], k) => [draw("line", { x1: place(at), x2: place(at), y1: 14 + 12 * k, y2: 112, stroke: "#a8320f", "stroke-dasharray": k ? "3 3" : "none" }), draw("text", { x: place(at) + 3, y: 20 + 12 * k }, `${name} ${at}`)]);
  $("distribution").replaceChildren(draw("svg", { viewBox: "0 0 400 128", role: "img", "aria-label": say("distribution") }, ...bars, ...lines, draw("text", { x: 10, y: 124 }, String(low)), draw("text", { x: 370, y: 124 }, String(high))));
}

function showCalibration(side) {
  const order = [...side.points.keys()].sort((a, b) => side.probability[a] - side.probability[b]), bins = [];
  for (let k = 0; k < 10; k++) {
    const rows = order.slice(Math.floor(k * order.length / 10), Math.floor((k + 1) * order.length / 10));
    if (rows.length) bins.push([rows.reduce((s, i) => s + side.probability[i], 0) / rows.length, rows.reduce((s, i) => s + later.won[i], 0) / rows.length]);
  }
  const top = Math.max(0.05, ...bins.flat()) * 1.05, place = ([p, a]) => [30 + (p / top) * 350, 150 - (a / top) * 140];
  const dots = bins.map((bin) => draw("circle", { cx: place(bin)[0], cy: place(bin)[1], r: 4, fill: "#0067a3" }));
  $("calibration").replaceChildren(draw("svg", { viewBox: "0 0 400 168", role: "img", "aria-label": say("calibration") }, draw("line", { x1: 30, y1: 150, x2: 380, y2: 10, stroke: "#8a94a3", "stroke-dasharray": "4 3" }), ...dots,
    draw("text", { x: 30, y: 164 }, "0 %"), draw("text", { x: 345, y: 164 }, percent(top, 0)), draw("text", { x: 2, y: 16 }, percent(top, 0))));
}

function proposal() {
  const edits = settled().map(({ back, ...edit }) => edit);
  return JSON.stringify({ format: 1, bundle: data.digest, name: "", edits }, null, 2) + "\n";
}

function lookUp() {
  const text = $("lead").value, lead = pastedLead(text, data.fields.map((f) => f.name));
  const answer = $("looked-up");
  if (text.trim() === "") { answer.replaceChildren(); return; }
  if (lead === null) { answer.replaceChildren(say("lead_unreadable")); return; }
  const found = scoredLead(data, lead, editsOf(settled())), [p, low, high] = found.probability;
  const strange = Object.keys(lead).filter((name) => !data.fields.some((f) => f.name === name)).length;
  const rows = found.reasons.filter((r) => r.given || r.difference).map((r) => make("tr", {}, make("th", { scope: "row" }, r.field), make("td", {}, r.label ?? say("counted_average")), make("td", { "data-reason": r.field }, signed(r.difference, 0))));
  const head = ["field", "band", "than_average"].map((key) => make("th", { scope: "col" }, say(key)));
  answer.replaceChildren(make("p", { id: "lead-said" }, say("lead_said", { points: found.points, grade: found.grade, probability: percent(p), low: percent(low), high: percent(high) }),
    found.proposed === found.points ? "" : ` ${say("lead_proposed", { points: found.proposed })}`, strange ? ` ${say("lead_strange", { count: strange })}` : ""),
    make("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "lead-title" }, make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))));
}

$("lead").addEventListener("input", lookUp);
$("language").addEventListener("change", () => { language = $("language").value; layOut(); });
for (const id of ["filter", "sort"]) $(id).addEventListener("input", layOut);
$("undo").addEventListener("click", () => { if (data.served) { undoMine(); return; } history.pop(); openEdit = null; refresh(); });
$("share").addEventListener("input", () => propose({ edit: "capacity", share: Number($("share").value) / 100 }, { dragging: true }));
$("share").addEventListener("change", () => { openEdit = null; });
for (const [id, threshold] of [["sql", "SQL"], ["mql", "MQL"]])
  $(id).addEventListener("change", () => { if (Number.isInteger($(id).valueAsNumber)) propose({ edit: "threshold", threshold, points: $(id).valueAsNumber }); });
$("download").addEventListener("click", () => {
  const link = make("a", { href: URL.createObjectURL(new Blob([proposal()], { type: "application/json" })), download: "proposal.json" });
  link.click();
  URL.revokeObjectURL(link.href);
});
// A proposal after the # opens with the page: so it can be sent as a link.
if (location.hash.startsWith("#proposal=")) {
  try { history.push(...JSON.parse(decodeURIComponent(location.hash.slice(10))).edits); } catch { history.length = 0; }
}
layOut();
