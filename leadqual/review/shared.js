"use strict";
// Several people at one bundle: what they do goes to the ledger, and what others did comes from there.

const POLL = 2000, served = data.served;
let form = served.form, seen = 0, state = null, sending = Promise.resolve(), dragged = null, signature = "";

async function send(path, body) {
  const turn = sending.then(async () => {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...body, form, seen: body.seen ?? seen }) });
    const said = await answer.json().catch(() => ({}));
    if (said.form) form = said.form;
    if (answer.status === 401) location.replace("/");
    return { ok: answer.ok, ...said };
  });
  sending = turn.catch(() => {});
  return turn;
}

async function act(path, body) {
  let said;
  try { said = await send(path, body); } catch { tell(say("offline")); return { ok: false }; }
  if (said.state) arrived(said.state);
  if (said.ok) tell("");
  else if (said.refused === "stale") tellStale(said, path, body);
  else if (said.refused === "too_fast") tell(say("too_fast"));
  else if (said.refused === "reads_only") tell(say("reads_only"));
  else if (said.refused === "form_used") tell(say("form_used"));
  else tell(say("refused", { why: said.said || said.refused || "" }));
  return said;
}

function tell(text, ...more) { $("told").replaceChildren(text, ...more); }

function tellStale(said, path, body) {
  const theirs = said.by ? say("stale", { who: said.by.edit.author, role: roleName(said.by.edit.role), edit: describe(said.by.edit) }) : say("stale_draft");
  const again = make("button", { type: "button", id: "propose-anyway", onclick: () => act(path, body) }, say("propose_anyway"));
  tell(`${theirs} `, ...(said.by ? [again] : []));
}

const roleName = (role) => data.words[language][role] || role;
const mineOn = (edit) => state.edits.find((one) => one.mine && targetOf(one.edit) === targetOf(edit));
const othersOn = (edit) => state.edits.some((one) => !one.mine && targetOf(one.edit) === targetOf(edit));

// Called by the page in place of keeping the edit to itself.
function share(whole, dragging) {
  const { back, ...edit } = whole;
  if (dragging) { dragged = whole; shownEdits(); refresh(); return; }
  dragged = null;
  const mine = mineOn(edit);
  if (back && !othersOn(edit)) { if (mine) act("/withdrawals", { number: mine.number }); else { shownEdits(); refresh(); } return; }
  if (edit.edit !== "pin" && back) { tell(say("only_author")); shownEdits(); refresh(); return; }
  act("/edits", { edit: { ...edit, author: undefined, role: undefined } });
}

function shownEdits() {
  history.splice(0, history.length, ...state.edits.map((one) => one.edit), ...(dragged ? [dragged] : []));
}

function undoMine() {
  const mine = state.edits.filter((one) => one.mine);
  if (mine.length) act("/withdrawals", { number: mine[mine.length - 1].number });
}

function arrived(next) {
  if (next.digest !== data.digest) { location.reload(); return; }
  seen = next.seen;
  const told = JSON.stringify({ ...next, seen: 0 });
  if (told === signature) return;
  signature = told;
  state = next;
  $("priced").replaceChildren();
  shownEdits();
  refresh();
  showShared();
}

function showHistory() {
  if (!state) return;
  const inConflict = new Set(state.conflicts.flat());
  $("history").replaceChildren(...state.edits.map(({ number, edit, mine }) => {
    const line = make("li", { "data-edit": String(number), class: inConflict.has(number) ? "conflict" : "" }, `${describe(edit)} — ${edit.author} (${roleName(edit.role)})${edit.reason ? `: ${edit.reason}` : ""} `);
    if (mine) line.append(make("button", { type: "button", "data-withdraw": String(number), onclick: () => act("/withdrawals", { number }) }, say("withdraw")));
    return line;
  }));
  $("undo").disabled = !state.edits.some((one) => one.mine);
}

function showShared() {
  const { agreement, me } = state;
  $("who").textContent = say("you_are", { name: me.name, role: roleName(me.role) });
  const byNumber = new Map(state.edits.map((one) => [one.number, one.edit]));
  $("conflicts").replaceChildren(...state.conflicts.map(([a, b]) => make("li", {}, say("conflict", { first: told(byNumber.get(a)), second: told(byNumber.get(b)) }))));
  $("comments").replaceChildren(...state.comments.map((c) => make("li", { "data-comment": String(c.number) }, make("strong", {}, `${c.name} (${roleName(c.role)})`), c.field ? ` ${c.field}` : "", `: ${c.text}`)));
  $("price").disabled = $("settle").disabled = state.edits.length === 0 || state.conflicts.length > 0;
  const signed = agreement.signed.map((one) => make("li", {}, say("signed_by", { name: one.name, role: roleName(one.role), when: one.signed_at.slice(0, 16).replace("T", " ") }), one.comment ? `: ${one.comment}` : ""));
  $("signed").replaceChildren(...signed);
  $("stands").textContent = agreement.holds ? say("holds") : say("must_sign", { roles: agreement.missing.map(roleName).join(", ") });
  $("stands").className = agreement.holds ? "better" : "";
  for (const part of document.querySelectorAll("[data-writes]")) part.hidden = !state.may_edit;
  $("withdraw-sign-off").hidden = !agreement.mine_signed;
  $("withdrawn").replaceChildren(...agreement.withdrawn.map((one) => make("li", {}, say("withdrawn_by", { name: one.name, role: roleName(one.role) }))));
  $("unreadable").textContent = state.unreadable.length ? say("unreadable", { count: state.unreadable.length }) : "";
  $("sign").hidden = !agreement.mine_to_sign;
  $("sign").textContent = say("sign_for", { role: roleName(me.role) });
  $("digest").textContent = say("version", { version: state.version, digest: state.digest.slice(0, 12) });
  $("open-edits").textContent = state.edits.length ? say("open_edits", { count: state.edits.length }) : "";
}

// What the library itself says, on all later leads; it can also learn the other points again.
function showPrice(found) {
  const heads = (keys) => make("thead", {}, make("tr", {}, ...keys.map((key) => make("th", { scope: "col" }, say(key)))));
  const segments = found.regraded.slice(0, 20).map((one) => make("tr", {}, make("th", { scope: "row" }, `${one.field}: ${one.value}`), ...[one.leads, one.up, one.down].map((n) => make("td", {}, String(n)))));
  const moves = found.moves.map((one) => `${one.from}→${one.to} ${one.leads}`).join(", ");
  $("priced").replaceChildren(make("p", { class: "quiet" }, say(`priced_by_${found.by}`, { leads: found.leads.toLocaleString("en") })),
    make("table", {}, heads(["measure", "now", "proposed", "difference"]), make("tbody", {}, ...measureRows(Object.fromEntries(found.measures.map((one) => [one.name, one])), false))),
    make("p", { class: "quiet" }, moves ? say("moves", { moves }) : ""),
    ...(segments.length ? [make("table", {}, heads(["segment", "leads", "regraded_up", "regraded_down"]), make("tbody", {}, ...segments))] : []));
}

const told = (edit) => `${describe(edit)} (${edit.author}, ${roleName(edit.role)})`;

async function poll() {
  try {
    const answer = await fetch("/state");
    if (answer.status === 401) { location.replace("/"); return; }
    if (answer.ok) { $("connection").textContent = ""; arrived(await answer.json()); }
  } catch { $("connection").textContent = say("offline"); }
  setTimeout(poll, POLL);
}

function layOutShared() {
  const field = $("about"), chosen = field.value;
  field.replaceChildren(make("option", { value: "" }, say("about_all")), ...data.fields.map((f) => make("option", { value: f.name }, f.name)));
  field.value = chosen || "";
  if (state) { showShared(); showHistory(); }
}

$("send").addEventListener("click", async () => {
  const text = $("comment").value.trim();
  if (text && (await act("/comments", { text, field: $("about").value })).ok) $("comment").value = "";
});
$("price").addEventListener("click", async () => {
  tell(say("settling"));
  const said = await act("/price", { by: $("by").value });
  if (said.price) showPrice(said.price);
});
$("settle").addEventListener("click", async () => {
  tell(say("settling"));
  $("settle").disabled = true;
  await act("/settlement", { by: $("by").value });
});
$("sign").addEventListener("click", () => act("/signature", { digest: data.digest, comment: $("sign-comment").value }));
$("withdraw-sign-off").addEventListener("click", () => act("/signature-withdrawal", { reason: $("sign-comment").value }));
$("leave").addEventListener("click", async () => { await send("/leave", {}); location.replace("/"); });
sharing = true;
layOutShared();
poll();
