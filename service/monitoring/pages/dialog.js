// --- forms that write: same-origin requests with the session's cookie, each with a key that makes it happen once
const send = async (method, target, body, more = {}) => {
  const headers = { ...more, Accept: "application/json", "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(target, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!response.ok) throw new Error(await reason(response));
  return response.status === 204 ? null : response.json();
};
/** Do it while its buttons are off; what went wrong is said where the person looks. */
const during = async (form, work) => {
  const failed = one(".failed", form);
  const buttons = all("button", form).filter((button) => !button.disabled);
  failed.hidden = true;
  for (const button of buttons) button.disabled = true;
  try {
    await work();
    return true;
  } catch (error) {
    write(failed, error.message);
    failed.hidden = false;
    return false;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
};
const field = (label, input, hint) => make("label", { class: "field" }, make("span", {}, label), input, hint ? make("span", { class: "fine" }, hint) : null);
const choice = (name, options, value) => {
  const select = make("select", { name, autocomplete: "off" }, ...options.map(([key, text]) => make("option", { value: key }, text)));
  if (value !== undefined) select.value = value;
  return select;
};
/** A modal form; resolves when it is closed. Without `work` there is nothing to send, only something to read. */
const ask = (title, parts, deed, work) => new Promise((done) => {
  const failed = make("p", { class: "failed", role: "alert", hidden: true });
  const form = make("form", { method: "dialog" }, make("h2", { id: "dialog-title" }, title), ...parts, failed,
    make("div", { class: "deeds" }, work && make("button", { type: "button", click: () => dialog.close() }, "Cancel"), make("button", { type: "submit", class: "main" }, deed)));
  const dialog = make("dialog", { "aria-labelledby": "dialog-title" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!work || (await during(form, () => work(form)))) dialog.close();
  });
  dialog.addEventListener("close", () => { dialog.remove(); done(); });
  document.body.append(dialog);
  dialog.showModal();
});
