// The first view: what there is, what waits and why, what ran.
import { badge } from "./badge.js";
import { el, fill, runLink, table } from "./dom.js";
import { firstSteps, nothing } from "./empty.js";
import { targetCard } from "./target.js";
import { clock, sentence, short, ticking } from "./time.js";

const WAITING = ["Queued", "Preparing"];

export function overviewView(main) {
  document.title = "Malachite";
  const parts = {
    steps: el("div"),
    targets: section("Compute targets"),
    queue: section("Queue"),
    runs: section("Recent runs"),
  };
  main.append(el("h1", { class: "unseen" }, "Overview"), ...Object.values(parts).map((part) => part.root ?? part));
  const shown = {};

  /** Leaves alone what has not changed, so that a selection or a position in it stays. */
  function update(name, data, render) {
    const text = JSON.stringify(data);
    if (shown[name] === text) return;
    shown[name] = text;
    render();
  }

  return {
    close() {},
    show(overview) {
      const fresh = overview.runs.length === 0 && overview.targets.length === 0;
      for (const name of ["targets", "queue", "runs"]) parts[name].root.hidden = fresh;
      update("steps", fresh, () => fill(parts.steps, fresh ? firstSteps() : null));
      const names = namesOf(overview);
      update("targets", [overview.targets, overview.runs], () => showTargets(parts.targets, overview, names));
      update("queue", [overview.jobs, overview.targets.map((t) => t.waiting)], () => showQueue(parts.queue, overview, names));
      update("runs", overview.runs, () => showRuns(parts.runs, overview, names));
    },
  };
}

function section(title) {
  const id = title.toLowerCase().replaceAll(" ", "-");
  const count = el("span", { class: "count" });
  const body = el("div");
  const root = el("section", { "aria-labelledby": id, hidden: true }, el("h2", { id }, title, " ", count), body);
  return { root, body, count };
}

/** What runs are called, and workspaces only where there are several. */
function namesOf(overview) {
  const runs = new Map(overview.runs.map((run) => [`${run.workspaceId}/${run.runId}`, run.displayName]));
  const workspaces = new Map(overview.workspaces.map((workspace) => [workspace.id, workspace.name]));
  return {
    run: (workspaceId, runId) => runs.get(`${workspaceId}/${runId}`) ?? runId,
    workspace: (id) => (workspaces.size > 1 ? workspaces.get(id) ?? "" : ""),
  };
}

function showTargets(part, overview, names) {
  part.count.textContent = overview.targets.length || "";
  fill(part.body, overview.targets.length
    ? el("ul", { class: "cards" }, overview.targets.map((target) => targetCard(target, names)))
    : nothing("No compute target yet: a script makes one with ", "AmlCompute(name=\"cpu-cluster\", max_instances=2)"));
}

function showQueue(part, overview, names) {
  const waiting = overview.jobs.filter((job) => WAITING.includes(job.status));
  const all = overview.targets.reduce((sum, target) => sum + target.waiting, 0);
  part.count.textContent = Math.max(all, waiting.length) || "";
  if (!waiting.length) {
    fill(part.body, nothing("No job waits."));
    return;
  }
  const rows = waiting.map((job) => [
    [runLink(job.workspaceId, job.runId, names.run(job.workspaceId, job.runId)),
      job.attempt > 1 ? el("small", {}, `attempt ${job.attempt}`) : null],
    place(job, names),
    badge(job.status),
    ticking("elapsed", job.submitted),
    sentence(job.why, overview.now),
  ]);
  const columns = [
    { title: "Job" }, { title: "Target", class: "name" }, { title: "State" }, { title: "For", class: "number" }, { title: "Why it waits", class: "wide" },
  ];
  fill(part.body,
    el("div", { class: "sheet" }, table("Jobs that wait, each with its reason", columns, rows)),
    all > waiting.length ? el("p", { class: "note" }, `and ${all - waiting.length} more`) : null);
}

function showRuns(part, overview, names) {
  if (!overview.runs.length) {
    fill(part.body, nothing("No run yet: see it all once with ", "./malachite demo"));
    return;
  }
  const rows = overview.runs.map((run) => [
    [runLink(run.workspaceId, run.runId, run.displayName),
      run.displayName === run.runId ? null : el("small", { class: "id" }, run.runId),
      run.error ? el("small", { class: "trouble" }, brief(run.error)) : null],
    run.experiment,
    run.target ? place(run, names) : "–",
    badge(run.status),
    ticking("ago", run.created),
    took(run),
  ]);
  const columns = [
    { title: "Run", class: "wide" }, { title: "Experiment" }, { title: "Target", class: "name" }, { title: "State" },
    { title: "Created", class: "number" }, { title: "Took", class: "number" },
  ];
  fill(part.body, el("div", { class: "sheet" }, table("Recent runs, the latest first", columns, rows)));
}

/** Its first line and, where it ends in the log's last lines, the very last one, which is the exception's. */
function brief(error) {
  const lines = error.trim().split("\n");
  return lines.length === 1 ? lines[0] : `${lines[0].replace(/ The end of its log:$/, "")} … ${lines.at(-1)}`;
}

export function took(run) {
  if (!run.started) return "–";
  if (!run.ended) return ticking("elapsed", run.started);
  return el("span", { title: `ended ${clock(run.ended)}` }, short(Date.parse(run.ended) - Date.parse(run.started)));
}

function place(thing, names) {
  const workspace = names.workspace(thing.workspaceId);
  return workspace ? [el("span", { class: "dim" }, `${workspace} / `), thing.target] : thing.target;
}
