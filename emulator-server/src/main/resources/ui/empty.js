// What a newcomer sees where there is nothing: the next step.
import { el } from "./dom.js";

export function nothing(text, code) {
  return el("p", { class: "nothing" }, text, code ? el("code", {}, code) : null);
}

export function firstSteps() {
  const step = (title, command, text) => el("li", {}, el("h3", {}, title), el("pre", {}, el("code", {}, command)), el("p", {}, text));
  return el("section", { class: "steps", "aria-labelledby": "steps" },
    el("h2", { id: "steps" }, "Ready. Nothing has run yet."),
    el("ol", {},
      step("See it all once", "./malachite demo",
        "Makes a workspace and a cluster, trains something small on it and lets the cluster go back to zero. Watch it here."),
      step("Run your own script, unchanged", "eval \"$(./malachite env)\"",
        "Points this shell's Azure ML SDKs at this emulator. Then run your script as you always do: what it makes shows up here.")));
}
