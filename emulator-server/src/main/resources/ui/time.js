// Times that tick by themselves, on the emulator's clock: it may be ahead of this machine's.
import { el } from "./dom.js";

let ahead = 0;

export function setNow(now) {
  ahead = Date.parse(now) - Date.now();
}

export function now() {
  return Date.now() + ahead;
}

export function duration(milliseconds) {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n) => String(n).padStart(2, "0");
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

/** Of something that is over: tenths where they tell something. */
export function short(milliseconds) {
  return milliseconds < 9950 ? `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s` : duration(milliseconds);
}

/** Of a setting: whole minutes without their seconds. */
export function length(seconds) {
  return duration(seconds * 1000).replace(/ 00 (s|min)$/, "");
}

export function clock(at) {
  return new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
}

const FORMS = {
  ago: (at) => {
    const passed = now() - at;
    if (passed < 5000) return "just now";
    return passed < 3600000 ? `${duration(passed).replace(/ \d\d s$/, "")} ago` : `${duration(passed)} ago`;
  },
  elapsed: (at) => duration(now() - at),
  until: (at) => (at > now() ? duration(at - now()) : "a moment"),
};

/** A <time> that says how long ago, how long since, or how long until. */
export function ticking(form, at) {
  return el("time", { datetime: at, title: clock(at), "data-tick": form }, FORMS[form](Date.parse(at)));
}

/** Sentences of the emulator say "since 12 s" as of `asOf`; here that goes on counting. */
export function sentence(text, asOf) {
  return text.split(/(?<=since )(\d+) s\b/).map((part, at) => {
    if (at % 2 === 0) return part;
    return ticking("elapsed", new Date(Date.parse(asOf) - Number(part) * 1000).toISOString());
  });
}

setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-tick]")) {
    const text = FORMS[time.dataset.tick](Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}, 1000);
