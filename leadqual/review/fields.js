"use strict";
// The card of each field: what its points rest on, and every edit that can be made to it.

const choice = (label, name, options, more = {}) => make("label", {}, label, make("select", { name, ...more }, ...options.map(([value, text]) => make("option", { value }, text))));

// A band's label in the language of the page; edits know it by the one that the bundle has.
function bandName(field, label) {
  const known = data.fields.find((one) => one.name === field), band = known && known.bands.find((one) => one.label === label);
  if (!band || language === "en") return label;
  const [low, high] = (band.interval || []).map((end) => (end === null ? null : Number(end.toPrecision(10))));
  const numbers = () => (low === null ? (high === null ? say("band_any") : say("band_under", { high })) : high === null ? say("band_from", { low }) : say("band_between", { low, high }));
  const names = [...(band.interval ? [numbers()] : []), ...band.values.slice(0, 3).map((value) => (known.kind === "boolean" ? say(`band_${value}`) : value))];
  if (band.values.length > 3) names.push(say("band_more", { count: band.values.length - 3 }));
  return [...names, ...(band.other ? [say("band_other")] : []), ...(band.missing ? [say("band_missing")] : [])].join(say("band_join"));
}

// A field's points as learned from each stretch of time alone.
function sparkline(blocks) {
  const known = blocks.map((points, i) => [i, points]).filter(([, points]) => points !== null);
  const low = Math.min(0, ...known.map(([, p]) => p)), high = Math.max(0, ...known.map(([, p]) => p)), height = (p) => 13 - ((p - low) / (high - low || 1)) * 12;
  return draw("svg", { viewBox: "0 0 44 14", class: "spark", "aria-hidden": "true" }, draw("line", { x1: 0, x2: 44, y1: height(0), y2: height(0), stroke: "#d8dde4" }),
    draw("polyline", { points: known.map(([i, p]) => `${2 + 10 * i},${height(p)}`).join(" "), fill: "none", stroke: "#0067a3", "stroke-width": 1.5 }));
}

function fieldCard(field) {
  const widest = Math.max(...field.bands.map((b) => b.rate[0] || 0), 0.01);
  const rows = field.bands.map((band) => {
    const slider = make("input", { type: "range", min: Math.min(-60, band.points - 20), max: Math.max(60, band.points + 20), step: 1,
      "data-field": field.name, "data-band": band.label, "aria-label": say("slider_label", { field: field.name, band: bandName(field.name, band.label) }) });
    slider.value = band.points;
    const pin = (dragging) => {
      const points = Number(slider.value);
      propose({ edit: "pin", field: field.name, band: band.label, points, back: points === band.points }, { dragging });
    };
    slider.addEventListener("input", () => pin(true));
    slider.addEventListener("change", () => pin(false));
    const bar = make("span", { class: "rate" });
    bar.style.width = `${(band.rate[0] || 0) / widest * 3}em`;
    const rate = make("td", { class: "won" }, make("span", { class: "track" }, bar), ...(band.rate[0] === null ? [say("none")] : [make("span", { class: "whole" }, percent(band.rate[0])), " ", make("span", { class: "whole" }, `(${percent(band.rate[1])}–${percent(band.rate[2])})`)]));
    return make("tr", { "data-row": band.label }, make("th", { scope: "row" }, bandName(field.name, band.label)), make("td", { class: "worth" }, String(band.points)),
      make("td", { class: "slide" }, slider), make("td", {}, band.leads.toLocaleString("en")), rate,
      make("td", { class: "blocks" }, sparkline(band.blocks), make("span", {}, ` ${band.blocks.map((p) => (p === null ? "·" : signed(p, 0))).join(" ")}`)),
      make("td", { class: "trend" }, band.trend === null ? "·" : signed(band.trend, 1)));
  });
  const out = make("input", { type: "checkbox", "data-out": field.name });
  out.addEventListener("change", () => propose({ edit: "leave out", field: field.name, back: !out.checked }));
  const head = make("header", {}, make("h2", {}, field.name), make("span", { class: "quiet" }, [field.dimension, field.actionable ? say("actionable") : null, field.spread === null ? null : say("spread", { points: field.spread })].filter(Boolean).join(", ")),
    make("label", { class: "inline" }, out, say("leave_out")));
  const columns = ["band", "points", "slide", "leads", "won", "blocks", "trend"].map((key) => make("th", { scope: "col", class: key }, say(key)));
  return make("section", { class: "field", "data-card": field.name, "aria-label": field.name }, head,
    make("p", { class: "quiet" }, say("adds", { loss: change(field.adds_log_loss, data.measures.log_loss.digits, say("change_lower"), say("change_higher")), wins: change([0, 2, 1].map((at) => (field.adds_wins[at] === null ? null : -field.adds_wins[at])), data.measures.wins_at_capacity.digits, say("change_fewer"), say("change_more")) })),
    ...field.findings.map(([code, severity]) => make("p", { class: "finding" }, say("finding", { code, severity: say(`severity_${severity}`) }))),
    make("div", { class: "scroll" }, make("table", {}, make("thead", {}, make("tr", {}, ...columns)), make("tbody", {}, ...rows))), moreEdits(field));
}

// A difference by its interval, as leadqual.evaluation.change words it.
function change([value, low, high], digits, less, more) {
  if (value === null || low === null || high === null) return say("none");
  const form = (v) => Math.abs(v).toFixed(digits), zero = form(0), [near, far] = [low, high].sort((a, b) => Math.abs(a) - Math.abs(b)).map(form);
  if (low > 0 || high < 0) return say("change_sure", { value: form(value), way: low > 0 ? more : less, near, far });
  const below = form(Math.min(low, 0)), above = form(Math.max(high, 0));
  return below === zero && above === zero ? say("change_none") : say("change_unclear", { below, less, above, more });
}

function moreEdits(field) {
  const bands = field.bands.map((band) => [band.label, bandName(field.name, band.label)]), tools = [];
  if (field.kind === "numeric") {
    const direction = choice(say("direction"), "direction", ["free", "up", "down"].map((key) => [key, say(`direction_${key}`)]));
    const chosen = direction.querySelector("select");
    chosen.addEventListener("change", () => propose({ edit: "direction", field: field.name, ...(chosen.value === "free" ? { back: true } : { direction: chosen.value }) }));
    tools.push(make("div", { class: "tools" }, direction));
  }
  const limit = make("input", { type: "number", step: 1, name: "cap-points" });
  const cap = make("div", { class: "tools" }, choice(say("band"), "cap-band", bands), choice(say("limit"), "cap-end", ["at_most", "at_least"].map((key) => [key, say(`limit_${key}`)])), make("label", {}, say("points"), limit),
    make("button", { type: "button", "data-cap": field.name, onclick: () => {
      const [band, end] = cap.querySelectorAll("select");
      if (Number.isInteger(limit.valueAsNumber)) propose({ edit: "cap", field: field.name, band: band.value, [end.value]: limit.valueAsNumber });
    } }, say("limit_button")));
  tools.push(cap);
  if (bands.length > 1) {
    const merge = make("div", { class: "tools" }, choice(say("band"), "merge-first", bands), choice(say("merge_with"), "merge-second", [...bands.slice(1), bands[0]]),
      make("button", { type: "button", "data-merge": field.name, onclick: () => {
        const [first, second] = [...merge.querySelectorAll("select")].map((node) => node.value);
        if (first !== second) propose({ edit: "merge", field: field.name, bands: [first, second] });
      } }, say("merge_button")));
    tools.push(merge);
  }
  return make("details", { class: "more" }, make("summary", {}, say("more", { field: field.name })), ...tools);
}

function showFields(edits, list) {
  for (const card of document.querySelectorAll("[data-card]")) {
    const field = data.fields.find((f) => f.name === card.dataset.card), out = edits.leftOut.has(field.name), worth = edits.fields.get(field.name)?.worth;
    const merged = new Set(list.filter((edit) => edit.edit === "merge" && edit.field === field.name).flatMap((edit) => edit.bands));
    card.classList.toggle("out", out);
    card.querySelector("[data-out]").checked = out;
    card.querySelectorAll("tr[data-row]").forEach((row, i) => {
      const band = field.bands[i], points = worth ? worth[i] : band.points, slider = row.querySelector("input");
      slider.value = points;
      slider.disabled = out || merged.has(band.label);
      row.querySelector(".worth").textContent = points === band.points ? String(points) : `${band.points} → ${points}`;
      row.classList.toggle("changed", points !== band.points);
    });
    const direction = card.querySelector("[name=direction]");
    if (direction) direction.value = list.find((edit) => edit.edit === "direction" && edit.field === field.name)?.direction || "free";
    for (const node of card.querySelectorAll("details select, details input, details button")) node.disabled = out;
  }
  for (const node of document.querySelectorAll("[data-back]")) node.checked = list.some((edit) => edit.edit === "bring back" && edit.field === node.dataset.back);
}

// Fields of the schema that have no points now.
function showUnscored() {
  $("unscored").hidden = data.unscored.length === 0;
  $("unscored-fields").replaceChildren(...data.unscored.map(({ name, findings }) => {
    const box = make("input", { type: "checkbox", "data-back": name });
    box.addEventListener("change", () => propose({ edit: "bring back", field: name, back: !box.checked }));
    return make("div", {}, make("label", { class: "inline" }, box, say("bring_back", { field: name })),
      ...findings.map(([code, severity]) => make("p", { class: "finding" }, say("finding", { code, severity: say(`severity_${severity}`) }))));
  }));
}
