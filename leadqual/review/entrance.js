"use strict";
// The secret stands after the #, which browsers send to nobody: so it is in no server's log and no referrer.
const button = document.getElementById("enter"), problem = document.getElementById("problem");
const secret = location.hash.slice(1);
button.disabled = secret === "";
button.addEventListener("click", async () => {
  button.disabled = true;
  const answer = await fetch("/enter", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ secret }) });
  if (answer.ok) location.replace("/");
  else { problem.textContent = problem.dataset.refused; button.disabled = false; }
});
