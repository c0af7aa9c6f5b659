// --- flags: the share of callers that have an optimisation, changed here with a reason
const MASTER = "performance_optimizations_enabled";
const flagNodes = new Map();
const humanised = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
const saved = ({ acted, saved: amount, saved_unit: unit }) => {
  if (acted == null) return "";
  const gain = amount == null ? "" : `, saved ${unit === "bytes" ? bytes(amount) : span(amount)}`;
  return `Acted ${number(acted)} times${gain}.`;
};
const changed = (flag) => {
  if (flag.reason == null) return flag.setting === flag.share ? "" : "Off while the master is off.";
  return `Changed ${since(flag.changed_at)} by ${flag.changed_by}: ${flag.reason}`;
};

class FlagForm {
  constructor(flag) {
    const name = flag.name;
    const label = `Share of ${humanised(name)}, percent`;
    const percent = { min: 0, max: 100, autocomplete: "off", required: true, input: (event) => this.moved(event.target) };
    this.inputs = name === MASTER
      ? [make("select", { "aria-label": humanised(name), autocomplete: "off", input: (event) => this.moved(event.target) }, make("option", { value: 100 }, "On"), make("option", { value: 0 }, "Off"))]
      : [make("input", { type: "range", "aria-label": label, ...percent }), make("input", { type: "number", "aria-label": `${label}, as a number`, ...percent })];
    this.reason = make("input", { type: "text", name: "reason", maxlength: 500, required: true, autocomplete: "off", "aria-label": `Why ${humanised(name)} is changed`, placeholder: "Why?" });
    this.apply = make("button", { type: "submit", class: "main" }, "Apply");
    this.reset = make("button", { type: "button", click: () => this.change("DELETE") }, "Reset");
    this.draft = make("div", { class: "draft", hidden: true }, this.reason, this.apply, make("button", { type: "button", click: () => this.undo() }, "Undo"));
    this.about = make("p", { class: "fine" });
    this.row = make("form", { class: "flag", "data-flag": name, submit: (event) => { event.preventDefault(); this.change("PUT"); } },
      make("div", { class: "what" }, make("h3", {}, humanised(name)), make("p", { class: "fine" }, flag.description)),
      make("div", { class: "share" }, ...this.inputs, name === MASTER ? null : "%", this.reset),
      this.draft, this.about, make("p", { class: "failed", role: "alert", hidden: true }));
    this.show(flag);
  }

  get dirty() { return !this.draft.hidden; }

  show(flag) {
    this.flag = flag;
    if (!this.dirty) for (const input of this.inputs) input.value = flag.chosen;
    this.reset.hidden = flag.reason == null || this.dirty;
    this.row.dataset.off = String(flag.share === 0);
    write(this.about, `${saved(flag)} ${changed(flag)}`.trim());
  }

  moved(source) {
    for (const input of this.inputs) input.value = source.value;
    this.draft.hidden = Number(source.value) === this.flag.chosen;
    this.reset.hidden = this.flag.reason == null || this.dirty;
  }

  undo() {
    this.draft.hidden = true;
    this.reason.value = "";
    this.show(this.flag);
    this.inputs[0].focus();
  }

  async change(method) {
    const body = method === "PUT" ? { share: Number(this.inputs[0].value), reason: this.reason.value } : undefined;
    let flag = null;
    const done = await during(this.row, async () => { flag = await send(method, `/v1/flags/${this.flag.name}`, body); });
    if (!done) return;
    this.draft.hidden = true;
    this.reason.value = "";
    this.show(flag);
    this.inputs[0].focus();
    say(`${humanised(flag.name)} is in force for ${flag.share} % of the callers.`);
  }
}
panel("flags", ({ items }, holder) => {
  for (const flag of items) {
    const known = flagNodes.get(flag.name);
    if (known) known.show(flag);
    else flagNodes.set(flag.name, new FlagForm(flag));
  }
  if (!one(".flag", holder)) holder.replaceChildren(make("div", { class: "flags" }, ...items.map(({ name }) => flagNodes.get(name).row)));
});
