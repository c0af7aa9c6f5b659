"use strict";
(() => {
  // Rows that carry proposals get a box to tick and buttons; without this script the table just reads.
  const said = document.getElementById("decide")?.dataset;
  const rows = [...document.querySelectorAll("tr[data-fixes]")];
  if (!said || !rows.length || location.protocol === "file:") return;
  const MOST = 1000; // items of one request
  const node = (name, values = {}, ...inside) => {
    const made = Object.assign(document.createElement(name), values);
    made.append(...inside);
    return made;
  };
  const entries = rows.map((row) => {
    const fixes = JSON.parse(row.dataset.fixes).filter((fix) => fix.body !== null);
    return {
      row,
      proposal: fixes.find((fix) => fix.action !== "dismiss"),
      dismissal: fixes.find((fix) => fix.action === "dismiss"),
    };
  });
  const offers = {
    approve: (entry) => entry.proposal,
    override: (entry) => (said.statuses ? entry.dismissal : undefined),
    dismiss: (entry) => entry.dismissal,
  };

  // Whose day: rows of a report begin with their kind, those of the page of today with the person.
  const named = ({ row, dismissal }) => {
    const of_report = row.closest("#table") && dismissal;
    return of_report ? `${dismissal.body.person}, ${dismissal.body.day}` : row.cells[0].textContent;
  };

  // --- what is posted: the body of the proposal, with what the person said
  const posted = (entry, deed, words) => {
    const fix = offers[deed](entry);
    if (deed === "approve") return fix;
    if (deed === "dismiss") return { ...fix, body: { ...fix.body, reason: words.reason } };
    const { person, day } = fix.body;
    return { ...fix, action: "correct", body: { person, day, kind: "status", status: words.status, reason: words.reason } };
  };
  const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const send = async (route, body) => {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key() };
    const answer = await fetch(route, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });
    return { ok: answer.ok, told: await answer.json() };
  };
  const settle = (entry, ok, text) => {
    entry.output.textContent = text;
    entry.output.className = ok ? "made" : "trouble";
    entry.buttons.forEach((button) => (button.disabled = ok));
    entry.box.checked = false;
    entry.box.disabled = entry.decided = ok;
    entry.row.classList.toggle("decided", ok);
  };
  const settled = (entry, ok, told) => settle(entry, ok, ok ? said.made : told.detail || told.title || said.unsent);
  const send_items = async (route, group) => {
    for (let at = 0; at < group.length; at += MOST) {
      const part = group.slice(at, at + MOST);
      try {
        const { ok, told } = await send(route, { items: part.map((one) => one.fix.body) });
        if (!ok) part.forEach((one) => settled(one.entry, false, told));
        else told.items.forEach((out) => settled(part[out.index].entry, out.status < 300, out.problem || {}));
      } catch {
        part.forEach((one) => settle(one.entry, false, said.unsent));
      }
    }
  };
  const send_whole = async ({ entry, fix }) => {
    try {
      const { ok, told } = await send(fix.route, fix.body);
      settled(entry, ok, told);
    } catch {
      settle(entry, false, said.unsent);
    }
  };
  const decide = async (chosen, deed, words) => {
    const routes = new Map();
    const asked = chosen.map((entry) => ({ entry, fix: posted(entry, deed, words) }));
    for (const one of asked) {
      one.entry.buttons.forEach((button) => (button.disabled = true));
      one.entry.output.textContent = said.sending;
      if (one.fix.action !== "map_device") routes.set(one.fix.route, [...(routes.get(one.fix.route) || []), one]);
    }
    for (const [route, group] of routes) await send_items(route, group);
    for (const one of asked) if (one.fix.action === "map_device") await send_whole(one);
    tally();
  };

  // --- asking for the reason, and for the status of an override
  const status = node("select", { required: true });
  status.append(node("option", { value: "", textContent: "–" })); // nobody saves the first status by accident
  status.append(...said.statuses.split(" ").map((name) => node("option", { value: name, textContent: name.replaceAll("_", " ").toLowerCase() })));
  const status_line = node("label", {}, said.status, status);
  const reason = node("textarea", { required: true, maxLength: 500, rows: 3 });
  const title = node("h2");
  const about = node("p", { className: "fine" });
  const cancel = node("button", { type: "button", textContent: said.cancel });
  const form = node("form", { method: "dialog" }, title, about, status_line, node("label", {}, said.reason, reason));
  form.append(node("p", { className: "deeds" }, cancel, node("button", { textContent: said.send, className: "first" })));
  const dialog = node("dialog", { id: "asking" }, form);
  title.id = "asking-title";
  dialog.setAttribute("aria-labelledby", title.id);
  let asked_for = null;
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!reason.value.trim()) return reason.focus();
    dialog.close();
    decide(asked_for.chosen, asked_for.deed, { reason: reason.value.trim(), status: status.value });
  });
  const start = (chosen, deed) => {
    if (deed === "approve") return decide(chosen, deed, {});
    asked_for = { chosen, deed };
    title.textContent = said[deed];
    about.textContent = chosen.length > 1 ? `${chosen.length} ${said.chosen}` : named(chosen[0]);
    status_line.hidden = deed !== "override";
    reason.value = status.value = "";
    status.required = deed === "override"; // one that is hidden must not hold up the form
    dialog.showModal();
    (deed === "override" ? status : reason).focus();
  };

  // --- the ticked rows together
  const bar = node("div", { id: "bulk", hidden: true });
  bar.setAttribute("role", "toolbar");
  const amount = node("output");
  const together = Object.keys(offers).map((deed) => {
    const button = node("button", { type: "button" });
    button.addEventListener("click", () => start(ticked().filter(offers[deed]), deed));
    return { deed, button };
  });
  const ticked = () => entries.filter((entry) => entry.box.checked && !entry.row.hidden);
  const tally = () => {
    const chosen = ticked();
    bar.hidden = !chosen.length;
    amount.textContent = `${chosen.length} ${said.chosen}`;
    for (const { deed, button } of together) {
      const able = chosen.filter(offers[deed]).length;
      button.textContent = `${said[deed]} (${able})`;
      button.disabled = !able;
    }
  };
  bar.append(amount, ...together.map((one) => one.button));

  // --- the cells
  for (const table of new Set(rows.map((row) => row.closest("table")))) {
    const all = node("input", { type: "checkbox", title: said.choose });
    all.setAttribute("aria-label", said.choose);
    all.addEventListener("change", () => {
      const own = entries.filter((entry) => table.contains(entry.row) && !entry.row.hidden && !entry.decided);
      own.forEach((entry) => (entry.box.checked = all.checked));
      tally();
    });
    const head = node("th", { className: "decide", scope: "col" }, node("label", {}, all, said.decision));
    table.tHead.rows[0].append(head);
    for (const row of table.tBodies[0].rows) if (!row.dataset.fixes) row.append(node("td", { className: "decide" }));
  }
  for (const entry of entries) {
    const subject = named(entry);
    entry.box = node("input", { type: "checkbox", ariaLabel: `${said.choose}: ${subject}` });
    entry.box.addEventListener("change", tally);
    entry.buttons = Object.keys(offers).filter((deed) => offers[deed](entry)).map((deed) => {
      const fix = offers[deed](entry);
      const hint = deed === "approve" ? fix.label : said[deed];
      const button = node("button", { type: "button", textContent: said[deed], title: hint, ariaLabel: `${hint}: ${subject}` });
      if (deed === "approve") button.className = "first";
      button.addEventListener("click", () => start([entry], deed));
      return button;
    });
    entry.output = node("output");
    const wide = entry.row.closest("#table") && entry.proposal; // there the proposal's own column may be out of sight
    const proposed = wide ? [node("p", { className: "fine", textContent: entry.proposal.label })] : [];
    entry.box.hidden = !entry.buttons.length;
    entry.row.append(node("td", { className: "decide" }, node("div", {}, entry.box, ...entry.buttons, entry.output), ...proposed));
  }
  document.getElementById("filter")?.addEventListener("input", tally);
  document.body.append(bar, dialog);
})();
