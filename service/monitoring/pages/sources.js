// --- what a rule may watch: each kind in words, and the fields that choose it
const fitting = (options, value) => (value != null && !options.some(([key]) => key === value) ? [...options, [value, value]] : options);
const figureTitle = (name) => given.figures[name]?.title ?? name;
const ago = (seconds, otherwise) => span(seconds ?? otherwise);
const valueWords = (value) => {
  const [kind, name] = (value || "rows").split(":");
  return { rows: "number of rows", max: `largest ${name}`, min: `least ${name}`, sum: `sum of ${name}`, summary: `${name}` }[kind].replaceAll("_", " ");
};
const KINDS = {
  figure: {
    label: "A figure of the service",
    words: ({ figure, instance }) => `${figureTitle(figure)}${instance ? ` of ${instance}` : ""}`,
    fields: (was, { figures }) => [field("Figure", choice("figure", fitting(figures.map(({ name, title, unit }) => [name, `${title}${unit ? ` (${unit})` : ""}`]), was.figure), was.figure ?? "p95_ms"))],
    read: ({ figure }) => ({ figure: figure.value }),
  },
  report: {
    label: "A figure of a report",
    words: ({ desk, report, value }) => `${humanised(desk)}, ${report}: ${valueWords(value)}`,
    fields: (was, { reports }) => reportFields(was, reports),
    read: ({ report, value }) => ({ desk: report.value.split("/")[0], report: report.value.split("/")[1], value: value.value }),
  },
  gaps: {
    label: "Open gaps of a desk",
    words: ({ desk, code }) => `Open gaps of ${desk}${code ? `, ${code.replaceAll("_", " ")}` : ""}`,
    fields: (was, { gaps }) => [
      field("Desk", choice("desk", fitting(gaps.map((desk) => [desk, humanised(desk)]), was.desk), was.desk)),
      field("Only of this kind", make("input", { name: "code", type: "text", value: was.code ?? "", placeholder: "all kinds", autocomplete: "off" })),
    ],
    read: ({ desk, code }) => ({ desk: desk.value, code: code.value.trim() || null }),
  },
  data_age: {
    label: "Age of a desk's data, in hours",
    words: ({ desk, source }) => `Age of the data of ${desk}${source ? `, ${source}` : ""}`,
    fields: (was, { sources }) => {
      const desks = [...new Set(sources.map(({ desk }) => desk))].map((desk) => [`${desk}/`, `${humanised(desk)}: the oldest`]);
      const each = sources.map(({ desk, source }) => [`${desk}/${source}`, `${humanised(desk)}: ${source}`]);
      const value = was.desk ? `${was.desk}/${was.source ?? ""}` : desks[0]?.[0];
      return [field("Data", choice("data", fitting([...desks, ...each], value), value))];
    },
    read: ({ data }) => ({ desk: data.value.split("/")[0], source: data.value.split("/").slice(1).join("/") || null }),
  },
  burn_rate: {
    label: "How fast the latency objective is missed",
    words: ({ short_seconds: short_, long_seconds: long }) => `Latency objective missed, times the allowed rate over ${ago(short_, 300)} and ${ago(long, 3600)}`,
    fields: (was) => [
      field("Short window, seconds", make("input", { name: "short_seconds", type: "number", min: 60, max: 21600, required: true, value: was.short_seconds ?? 300, autocomplete: "off" })),
      field("Long window, seconds", make("input", { name: "long_seconds", type: "number", min: 300, max: 2592000, required: true, value: was.long_seconds ?? 3600, autocomplete: "off" })),
    ],
    read: ({ short_seconds: short_, long_seconds: long }) => ({ short_seconds: short_.valueAsNumber, long_seconds: long.valueAsNumber }),
  },
  checker: {
    label: "Whether alerts are evaluated at all, in seconds",
    words: () => "Time since alerts were evaluated last",
    fields: () => [],
    read: () => ({}),
  },
};
const reportFields = (was, reports) => {
  const name = was.report ? `${was.desk}/${was.report}` : undefined;
  const options = reports.map(({ desk, report, title }) => [`${desk}/${report}`, `${humanised(desk)}: ${title}`]);
  const report = choice("report", fitting(options, name), name);
  const holder = make("div");
  const offer = () => {
    const found = reports.find(({ desk, report: each }) => `${desk}/${each}` === report.value);
    const columns = (found?.columns ?? []).flatMap((column) => ["max", "min", "sum"].map((how) => `${how}:${column}`));
    const values = ["rows", ...(found?.summary ?? []).map((each) => `summary:${each}`), ...columns];
    const value = report.value === name ? was.value ?? "rows" : "rows";
    holder.replaceChildren(field("Value", choice("value", fitting(values.map((each) => [each, valueWords(each)]), value), value)));
  };
  report.addEventListener("input", offer);
  offer();
  return [field("Report", report), holder];
};
const subject = (source) => KINDS[source.kind]?.words(source) ?? source.kind;
