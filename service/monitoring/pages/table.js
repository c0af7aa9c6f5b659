// --- a table that changes while people read it: cells are written in place, sorted by its heads
class Table {
  /**
   * `columns`: {head, value: what is sorted by, show: what is read, kind: "n" (right) | "code" | "", tone,
   * open: what the first cell's button does with its row}.
   * `key` tells rows apart. `sort` is the place of the column sorted by at first, the largest first.
   */
  constructor(holder, label, columns, { key, sort, empty, most = 200 }) {
    Object.assign(this, { holder, columns, key, empty, most, sorted: sort, down: true, rows: new Map(), items: [] });
    this.heads = columns.map(({ head, kind }, place) => make("th", { scope: "col", class: kind === "n" ? "n" : null },
      make("button", { type: "button", click: () => this.sortBy(place) }, head)));
    this.body = make("tbody");
    const table = make("table", { class: "rows sortable" }, make("caption", { class: "hidden" }, `${label}; the buttons in the heads sort it`), make("thead", {}, make("tr", {}, ...this.heads)), this.body);
    this.frame = make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": label }, table);
    this.nothing = make("p", { class: "none" }, empty);
    this.mark();
  }

  sortBy(place) {
    this.down = this.sorted === place ? !this.down : this.columns[place].kind === "n";
    this.sorted = place;
    this.mark();
    this.order();
  }

  mark() {
    this.heads.forEach((head, at) => head.setAttribute("aria-sort", at !== this.sorted ? "none" : this.down ? "descending" : "ascending"));
  }

  /** Absent values last in both directions, equal ones by name. */
  order() {
    const { value } = this.columns[this.sorted];
    const by = this.down ? -1 : 1;
    const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
    const sorted = [...this.items].sort((one_, other) => {
      const [a, b] = [value(one_), value(other)];
      if (a == null || b == null) return (a == null) - (b == null);
      return by * compare(a, b) || compare(String(this.key(one_)), String(this.key(other)));
    });
    const nodes = sorted.slice(0, this.most).map((item) => this.rows.get(this.key(item)).row);
    if (nodes.some((node, at) => this.body.rows[at] !== node) || this.body.rows.length !== nodes.length) {
      const focused = document.activeElement;
      this.body.replaceChildren(...nodes);
      if (this.body.contains(focused)) focused.focus({ preventScroll: true });
    }
  }

  show(items) {
    this.items = items;
    const seen = new Set(items.map((item) => this.key(item)));
    for (const key of this.rows.keys()) if (!seen.has(key)) this.rows.delete(key);
    for (const item of items) this.write(item);
    const shown = items.length ? this.frame : this.nothing;
    if (this.holder.firstChild !== shown) this.holder.replaceChildren(shown);
    // Nobody loses the row that is being read: the order waits until pointer and focus are elsewhere.
    if (this.body.rows.length !== Math.min(items.length, this.most) || !this.frame.matches(":hover, :focus-within")) this.order();
  }

  write(item) {
    const key = this.key(item);
    if (!this.rows.has(key)) {
      const cells = this.columns.map(({ kind }, at) => (at ? make("td", { class: kind || null }) : make("th", { scope: "row", class: kind || null })));
      const { open } = this.columns[0];
      const texts = [...cells];
      if (open) cells[0].append(texts[0] = make("button", { type: "button", class: "opens", click: () => open(this.rows.get(key).item) }));
      this.rows.set(key, { row: make("tr", {}, ...cells), cells, texts });
    }
    const { cells, texts } = this.rows.get(key);
    this.rows.get(key).item = item;
    this.columns.forEach(({ value, show, tone }, at) => {
      write(texts[at], show ? show(item) : String(value(item) ?? DASH));
      if (tone) cells[at].dataset.tone = tone(item) || "";
    });
  }
}

/** A panel and what it shows; `counted` brings several at once. What cannot be told now says so in its place. */
const panel = (name, paint) => {
  const holder = one(`[data-panel="${name}"]`);
  listeners.panels.push((found) => {
    const part = found[name] ?? (found.counted?.unavailable === undefined ? found.counted?.[name] : found.counted);
    if (part === undefined) return;
    if (part.unavailable === undefined) paint(part, holder);
    else holder.replaceChildren(make("p", { class: "none" }, `Not available now: ${part.unavailable}.`));
  });
};
