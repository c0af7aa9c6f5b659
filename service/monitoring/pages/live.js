// --- the stream: figures every two seconds, panels every six; and how old they are
const FRESH = Math.max(2, 3.5 * given.tick_seconds); // seconds: three figures missed
const WINDOW = 300e3; // of a sparkline
const listeners = { figures: [], panels: [] };
const status = one("#status");
const age = one("#age");
const pause = one("#pause");
let points = [];
let arrived = null;
let source = null;
let paused = false;
let ended = false;
let told = "live";
let again = 1;

const keep = (fresh) => {
  const last = points.length ? points.at(-1).t : 0;
  points.push(...fresh.map(({ at, figures }) => ({ t: Date.parse(at), figures })).filter(({ t }) => t > last));
  const from = points.length ? points.at(-1).t - WINDOW : 0;
  points = points.filter(({ t }) => t >= from);
};
const disconnect = () => { source?.close(); source = null; };
const connect = () => {
  disconnect();
  if (paused || ended || document.hidden) return;
  source = new EventSource("/dashboard/events");
  source.addEventListener("recent", (event) => { keep(JSON.parse(event.data).points); again = 1; });
  source.addEventListener("figures", (event) => {
    const fresh = JSON.parse(event.data);
    if (points.length && Date.parse(fresh.at) < points.at(-1).t) points = []; // a clock was set back there
    keep([fresh]);
    arrived = performance.now();
    for (const heard of listeners.figures) heard();
    tell();
  });
  source.addEventListener("panels", (event) => {
    const found = JSON.parse(event.data);
    for (const heard of listeners.panels) heard(found);
  });
  // A browser comes back by itself when a stream ends, but not when it was refused.
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    disconnect();
    refused().then(() => setTimeout(connect, again * 1000));
    again = Math.min(again * 2, 30);
  });
};
/** Why: without a session there is nothing to come back to. */
const refused = async () => {
  try {
    const answer = await fetch("/dashboard");
    ended = [401, 403].includes(answer.status);
  } catch { /* nobody there: it is tried again */ }
};
const tell = () => {
  const old = arrived === null ? null : Math.round((performance.now() - arrived) / 1000);
  const state = ended ? "ended" : paused ? "paused" : old === null ? "loading" : old <= FRESH ? "live" : "lost";
  const figures = old === null ? "" : `figures are ${span(old)} old`;
  status.dataset.state = state;
  write(age, {
    ended: "Your session has ended",
    paused: `Paused: ${figures || "no figures yet"}`,
    loading: again > 1 ? "No figures yet: trying again" : "Waiting for the first figures",
    live: `Live: ${figures}`,
    lost: `Stream lost: ${figures}, reconnecting`,
  }[state]);
  if (state === "ended" && !one("a", status)) age.after(make("a", { href: "/sign-in?to=/dashboard" }, "Sign in"));
  if (state !== told && (state === "lost" || told === "lost")) say(state === "lost" ? "The stream of figures is lost; reconnecting." : "The figures are live again.");
  if (state !== "loading") told = state;
  document.body.classList.toggle("stale", state === "lost" || state === "ended");
};
pause.addEventListener("click", () => {
  paused = !paused;
  write(pause, paused ? "Resume" : "Pause");
  connect();
  tell();
});
document.addEventListener("visibilitychange", connect);
window.addEventListener("online", connect);
setInterval(tell, 1000);

// --- tiles
const path = (spots, close) => {
  let text = "";
  let open = null;
  for (const spot of [...spots, null]) {
    if (spot === null) {
      if (open !== null && close) text += `L${open.last} ${close}L${open.first} ${close}Z`;
      else if (open?.alone) text += "h.01";
      open = null;
    } else {
      const [x, y] = [spot[0].toFixed(2), spot[1].toFixed(2)];
      text += `${open ? "L" : "M"}${x} ${y}`;
      open = { first: open ? open.first : x, last: x, alone: !open };
    }
  }
  return text;
};
const sparkline = (tile, name) => {
  const until = points.at(-1).t;
  const most = Math.max(Number(tile.dataset.scale), ...points.map(({ figures }) => figures[name] ?? 0));
  const spots = [];
  points.forEach(({ t, figures }, at) => {
    if (at && t - points[at - 1].t > 25e3) spots.push(null);
    const value = figures[name];
    spots.push(value == null ? null : [100 * (1 - (until - t) / WINDOW), 22.5 - 20 * (value / most)]);
  });
  one(".stroke", tile).setAttribute("d", path(spots));
  one(".area", tile).setAttribute("d", path(spots, 24));
};
const judged = (tile, value) => {
  const { high, bad } = tile.dataset;
  if (value != null && bad !== undefined && value >= bad) return ["bad", "critical"];
  return value != null && high !== undefined && value >= high ? ["high", "high"] : ["", ""];
};
const tiles = all(".tile");
listeners.figures.push(() => {
  const { figures } = points.at(-1);
  for (const tile of tiles) {
    const name = tile.dataset.figure;
    const [level, word] = judged(tile, figures[name]);
    write(one(".value", tile), number(figures[name]));
    write(one(".judged", tile), word);
    tile.dataset.level = level;
    sparkline(tile, name);
  }
});
connect();
