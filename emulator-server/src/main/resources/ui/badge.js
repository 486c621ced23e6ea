// States as small labelled badges: a shape, a word and a colour, so that none of them is needed to tell them apart.
import { el } from "./dom.js";

const LOOKS = {
  good: ["✓", "completed succeeded steady"],
  live: ["●", "running finalizing jobrunning"],
  soon: ["◐", "preparing starting provisioning resizing creating restarting settingup usersettingup updating"],
  wait: ["○", "queued notstarted paused pausing unapproved"],
  rest: ["◦", "idle stopped"],
  away: ["–", "canceled cancelrequested leaving deleting stopping"],
  warn: ["!", "preempted notresponding"],
  bad: ["✕", "failed unusable setupfailed usersetupfailed createfailed"],
};

export function look(state) {
  const word = String(state).toLowerCase();
  return Object.keys(LOOKS).find((name) => LOOKS[name][1].split(" ").includes(word)) ?? "wait";
}

/** "CancelRequested" -> "Cancel requested" */
export function words(state) {
  const spaced = String(state).replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

export function badge(state) {
  const name = look(state);
  return el("span", { class: `badge ${name}` }, el("span", { "aria-hidden": "true" }, LOOKS[name][0]), words(state));
}
