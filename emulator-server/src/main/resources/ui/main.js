// Chooses between the overview, the targets and one run, and keeps the line at the top true.
import { overviewView } from "./overview.js";
import { runView } from "./run.js";
import { targetsView } from "./targets.js";
import { debounced, follow, json } from "./live.js";
import { duration, setNow } from "./time.js";

const main = document.getElementById("main");
const link = document.getElementById("link");
const about = document.getElementById("about");
const views = document.getElementById("views");
let view = null;

function open() {
  const [, workspaceId, runId] = /^#\/run\/([^/]+)\/([^/]+)$/.exec(location.hash) ?? [];
  view?.close();
  main.replaceChildren();
  view = runId ? runView(main, decodeURIComponent(workspaceId), decodeURIComponent(runId))
    : location.hash === "#/targets" ? targetsView(main) : overviewView(main);
  for (const link of views.children) {
    if (link.hash === (location.hash || "#/")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  changed();
}

function show(overview) {
  setNow(overview.now);
  const turned = Number(/^PT?([\d.]+)S$/.exec(overview.ahead)?.[1] ?? NaN);
  const clock = overview.ahead === "PT0S" ? "" : ` · clock ${Number.isNaN(turned) ? overview.ahead : duration(turned * 1000)} ahead`;
  about.textContent = `${overview.runtime} runtime${clock}`;
  return view.show(overview);
}

function linked(up) {
  link.textContent = up ? "live" : "reconnecting";
  link.classList.toggle("up", up);
  link.classList.toggle("down", !up);
}

const changed = debounced(async () => {
  try {
    await show(await json("/_emulator/overview"));
  } catch (failure) {
    if (failure.status === undefined && !(failure instanceof TypeError)) throw failure;
    linked(false);
  }
}, 150);

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => {
  open();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
});
open();
follow(changed, linked);
