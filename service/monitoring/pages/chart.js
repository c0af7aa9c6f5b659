// --- a chart of figures over time: fixed height, holes stay holes, one cursor over all charts
const HEIGHT = 132;
const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;

/** The least of 1, 2, 4, 6, 8 times a power of ten that is not below: its half is round as well. */
const ceiling = (value) => {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value * 0.999);
};
const short = (value) => (value >= 10000 ? `${number(value / 1000)}k` : Number.isInteger(value) ? formatted(value, 0) : String(Number(value.toPrecision(3))));

/** Where the labels of the time axis stand: whole quarters of an hour, hours of the day, days. */
const TICKS = {
  "1h": { next: (at) => at.setMinutes(Math.floor(at.getMinutes() / 15) * 15 + 15, 0, 0), text: (at) => minute.format(at) },
  "24h": { next: (at) => at.setHours(Math.floor(at.getHours() / 6) * 6 + 6, 0, 0, 0), text: (at) => minute.format(at) },
  "30d": { next: (at) => { at.setHours(0, 0, 0, 0); at.setDate(at.getDate() + 7); }, text: (at) => day.format(at) },
};

class Chart {
  constructor(figure, told) {
    this.told = told;
    this.plot = one(".plot", figure);
    this.values = all(".key b", figure);
    this.svg = draw("svg", { height: HEIGHT, "aria-hidden": "true" });
    this.plot.append(this.svg);
    new ResizeObserver(() => this.shown && this.show(this.shown)).observe(this.plot);
  }

  get width() { return Math.max(120, this.plot.clientWidth); }
  x(at) { return LEFT + ((this.width - LEFT - RIGHT) * (at + 0.5)) / this.shown.count; }
  y(value) { return HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / this.most; }

  show(history) {
    this.shown = history;
    this.lines = this.told.lines.map(({ figure }) => history.values[figure]);
    this.most = ceiling(Math.max(this.told.scale, ...this.lines.flatMap((line) => [...line].filter((value) => !Number.isNaN(value)))));
    this.svg.setAttribute("width", this.width);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
    this.cursor = draw("g", { class: "cursor" });
    this.svg.replaceChildren(...this.levels(), ...this.times(), ...this.lines.toReversed().map((line, at) => this.line(line, this.lines.length - at)), this.cursor);
    this.plot.setAttribute("aria-valuemax", history.count - 1);
  }

  levels() {
    return [0, 0.5, 1].flatMap((share) => {
      const y = this.y(share * this.most);
      const text = draw("text", { x: LEFT - 8, y: y + 4, class: "level" });
      text.textContent = short(share * this.most);
      return [draw("line", { x1: LEFT, x2: this.width - RIGHT, y1: y, y2: y, class: share ? "grid" : "axis" }), text];
    });
  }

  times() {
    const { next, text } = TICKS[this.shown.range];
    const found = [];
    const end = this.shown.from + this.shown.count * this.shown.step;
    const at = new Date(this.shown.from);
    for (next(at); at < end; next(at)) {
      const x = this.x((at - this.shown.from) / this.shown.step);
      if (x < LEFT + 14 || x > this.width - RIGHT - 16) continue;
      const label = draw("text", { x, y: HEIGHT - 4, class: "time" });
      label.textContent = text(at);
      found.push(draw("line", { x1: x, x2: x, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM + 4, class: "axis" }), label);
    }
    return found;
  }

  line(values, place) {
    const spots = [...values].map((value, at) => (Number.isNaN(value) ? null : [this.x(at), this.y(value)]));
    return draw("path", { d: path(spots), class: `line k${place}` });
  }

  /** Show the values of a place, or of the newest where there is none. */
  point(at) {
    const place = at ?? this.shown.newest;
    const marks = [];
    if (at !== null) marks.push(draw("line", { x1: this.x(at), x2: this.x(at), y1: TOP - 4, y2: HEIGHT - BOTTOM }));
    this.lines.forEach((line, index) => {
      const value = place === null ? NaN : line[place];
      write(this.values[index], number(value));
      if (at !== null && !Number.isNaN(value)) marks.push(draw("circle", { cx: this.x(at), cy: this.y(value), r: 3.5, class: `k${index + 1}` }));
    });
    this.cursor.replaceChildren(...marks);
    this.plot.setAttribute("aria-valuenow", place ?? 0);
    this.plot.setAttribute("aria-valuetext", this.words(place));
  }

  words(place) {
    if (place === null) return "Nothing recorded yet";
    const said = this.told.lines.map(({ label }, at) => `${label} ${number(this.lines[at][place])} ${this.told.unit}`);
    return `${this.shown.text(place)}: ${this.lines.every((line) => Number.isNaN(line[place])) ? "not recorded" : said.join(", ")}`;
  }

  /** The place below a pointer. */
  place(event) {
    const inside = event.clientX - this.plot.getBoundingClientRect().left - LEFT;
    const at = Math.floor((inside / (this.width - LEFT - RIGHT)) * this.shown.count);
    return Math.min(this.shown.count - 1, Math.max(0, at));
  }
}
