// One run: what it does and why, its log as it is printed, its metrics and its files.
import { badge } from "./badge.js";
import { el, fill, table } from "./dom.js";
import { nothing } from "./empty.js";
import { debounced, json } from "./live.js";
import { logPanel } from "./log.js";
import { took } from "./overview.js";
import { sentence, setNow, ticking } from "./time.js";

const OUTPUT = "user_logs/std_log.txt";
const BUILD = "azureml-logs/20_image_build_log.txt";

export function runView(main, workspaceId, runId) {
  const path = `/_emulator/workspaces/${encodeURIComponent(workspaceId)}/runs/${encodeURIComponent(runId)}`;
  const head = el("div", { class: "head" }, el("h1", {}, runId));
  const side = el("div", { class: "side" });
  // Metrics and files bring no event of their own; a run that prints has usually done something.
  const soon = debounced(load, 1000);
  const log = logPanel(`${path}/log`, soon);
  document.title = `${runId} · Malachite`;
  main.append(
    el("p", { class: "back" }, el("a", { href: "#/" }, "← Overview")),
    head, el("div", { class: "run" }, log.root, side));
  let closed = false;

  async function load() {
    try {
      const run = await json(path);
      if (!closed) show(run);
    } catch (failure) {
      if (failure.status === 404 && !closed) {
        fill(main, el("p", { class: "back" }, el("a", { href: "#/" }, "← Overview")), el("h1", {}, runId),
          nothing("There is no such run, or no longer."));
        log.close();
      } else if (failure.status !== undefined || !(failure instanceof TypeError)) {
        throw failure;
      }
    }
  }

  function show(run) {
    setNow(run.now);
    document.title = `${run.displayName}: ${run.status} · Malachite`;
    fill(head, title(run));
    run.files.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
    fill(side, facts(run), metrics(run), files(run, path));
    const logs = run.files.filter((file) => /^(user_logs|azureml-logs|system_logs|logs)\/.*\.(txt|log)$/.test(file));
    // Of several processes the first one's is shown first, as the SDKs stream it.
    const output = logs.find((name) => /^user_logs\/std_log_process_0+\.txt$/.test(name)) ?? OUTPUT;
    // While its image is made, that is what there is to see.
    log.offer(logs.includes(output) ? logs : [output, ...logs],
      run.status === "Preparing" && logs.includes(BUILD) ? BUILD : output);
  }

  return {
    close() { closed = true; log.close(); },
    show: load,
  };
}

function title(run) {
  const said = run.why && !run.final ? el("p", { class: "why" }, sentence(run.why, run.now)) : null;
  return [
    el("div", { class: "title" }, el("h1", {}, run.displayName), badge(run.status)),
    said,
    run.error ? el("div", { class: "error", role: "group", "aria-label": "Error" }, el("pre", { tabindex: "0" }, run.error)) : null,
  ];
}

function facts(run) {
  const rows = [
    ["Run", el("span", { class: "id" }, run.runId)],
    ["Experiment", `${run.experiment} · #${run.number}`],
    ["Workspace", run.workspace],
    ["Target", run.target ? [run.target, run.nodes.length ? el("small", { class: "id" }, run.nodes.join(", ")) : null] : null],
    ["Attempt", run.attempt ? String(run.attempt) : null],
    ["Script", run.script ? el("span", { class: "id" }, run.script) : null],
    ["Created", ticking("ago", run.created)],
    ["Started", run.started ? ticking("ago", run.started) : null],
    ["Ended", run.ended ? ticking("ago", run.ended) : null],
    [run.ended ? "Took" : "Runs for", run.started ? took(run) : null],
    ["Description", run.description],
    ["Tags", Object.keys(run.tags).length
      ? Object.entries(run.tags).map(([key, value]) => el("span", { class: "tag" }, value === null ? key : `${key}: ${value}`))
      : null],
  ];
  return part("Facts", el("dl", {}, rows.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

function metrics(run) {
  const all = Object.entries(run.metrics);
  const text = (value) => (typeof value === "string" ? value : typeof value === "number" ? number(value) : JSON.stringify(value));
  return part("Metrics",
    all.length
      ? table("Each metric's last value", [{ title: "Metric", class: "wide" }, { title: "Last value", class: "number" }],
        all.map(([name, value]) => [name, text(value)]))
      : nothing("None logged."),
    run.metricCount > all.length ? el("p", { class: "note" }, `and ${run.metricCount - all.length} more`) : null);
}

function number(value) {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function files(run, path) {
  return part("Files",
    run.files.length
      ? el("ul", { class: "files" }, run.files.map((file) => el("li", {},
        el("a", { href: `${path}/file?path=${encodeURIComponent(file)}`, download: true }, file))))
      : nothing("None yet. What the script writes to ", "outputs/"),
    run.fileCount > run.files.length ? el("p", { class: "note" }, `and ${run.fileCount - run.files.length} more`) : null);
}

function part(title, ...children) {
  return el("section", { class: "part" }, el("h2", {}, title), children);
}
