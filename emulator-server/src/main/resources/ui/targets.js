// The targets to work with: made, started, stopped, opened and deleted, all through the public API.
import { change, list } from "./arm.js";
import { badge } from "./badge.js";
import { el, fill, table } from "./dom.js";
import { nothing } from "./empty.js";
import { ask } from "./form.js";
import { kindName } from "./kind.js";
import { newTarget } from "./new-target.js";

const COLUMNS = [
  { title: "Name", class: "name" }, { title: "Kind" }, { title: "State" }, { title: "Made by" }, { title: "What can be done", class: "wide" },
];

export function targetsView(main) {
  document.title = "Compute targets · Malachite";
  const mine = el("input", { type: "checkbox", id: "mine" });
  const create = el("button", { type: "button", class: "primary" }, "New target");
  const said = el("p", { class: "said", role: "status" });
  const body = el("div");
  main.append(
    el("div", { class: "heading" },
      el("h1", {}, "Compute targets"),
      el("label", { class: "choice", for: "mine" }, mine, " only mine"), create),
    said, body);
  let last = null;
  let shown = "";

  /** Carries something out, saying what is done and what came of it. */
  async function act(text, work) {
    say(`${text} …`);
    try {
      await work();
      await look();
      say(`${text}: done.`);
    } catch (refused) {
      say(refused.message, true);
    }
  }

  function say(text, bad = false) {
    said.textContent = text;
    said.classList.toggle("trouble", bad);
  }

  async function look() {
    const targets = await everywhere(last.workspaces);
    const wanted = mine.checked ? targets.filter((target) => last.me.includes(owner(target)?.userId)) : targets;
    const text = JSON.stringify([wanted, last.workspaces.length]);
    if (text === shown) return;
    shown = text;
    fill(body, wanted.length ? el("div", { class: "sheet" }, table("Compute targets", COLUMNS, wanted.map((target) => row(target, last, act))))
      : nothing(mine.checked ? "None of the targets is yours." : last.workspaces.length
        ? "No compute target yet." : "There is no workspace yet: a script makes one, or ", last.workspaces.length ? null : "./malachite demo"));
  }

  mine.addEventListener("change", () => look().catch((failure) => say(failure.message, true)));
  create.addEventListener("click", () => newTarget(last.workspaces, act));
  create.disabled = true;

  return {
    close() {},
    async show(overview) {
      last = overview;
      create.disabled = overview.workspaces.length === 0;
      await look();
    },
  };
}

/** Of all workspaces, by name. */
async function everywhere(workspaces) {
  const lists = await Promise.all(workspaces.map(async (workspace) =>
    (await list(`${workspace.armId}/computes`)).map((target) => ({ ...target, workspace }))));
  return lists.flat().sort((a, b) => a.name.localeCompare(b.name));
}

function inner(target) {
  return target.properties.properties ?? {};
}

function size(target) {
  return inner(target).vmSize ?? inner(target).virtualMachineSize;
}

function owner(target) {
  return inner(target).createdBy;
}

function row(target, overview, act) {
  const kind = target.properties.computeType;
  return [
    [overview.workspaces.length > 1 ? el("span", { class: "dim" }, `${target.workspace.name} / `) : null, target.name,
      target.properties.description ? el("small", {}, target.properties.description) : null],
    [kindName(kind), size(target) ? el("small", {}, size(target)) : null],
    [badge(state(target)), detail(target)],
    owner(target)?.userName ?? "–",
    el("div", { class: "buttons" }, doings(target, act)),
  ];
}

function state(target) {
  const properties = target.properties;
  if (properties.provisioningState !== "Succeeded") return properties.provisioningState;
  return inner(target).state ?? inner(target).allocationState ?? properties.provisioningState;
}

function detail(target) {
  const facts = inner(target);
  const trouble = [facts.errors, target.properties.provisioningErrors].flat().filter(Boolean)
    .map((error) => el("small", { class: "trouble" }, error.error?.message ?? error.message ?? String(error)));
  if (facts.scaleSettings) {
    trouble.unshift(el("small", {}, `nodes: ${facts.currentNodeCount ?? 0} (${facts.scaleSettings.minNodeCount} to ${facts.scaleSettings.maxNodeCount})`));
  }
  return trouble;
}

/** Only what its state allows. */
function doings(target, act) {
  const button = (text, work, primary) => {
    const made = el("button", { type: "button", class: primary ? "primary" : null, "aria-label": `${text} ${target.name}` }, text);
    made.addEventListener("click", work);
    return made;
  };
  const power = (text, verb) => button(text, () => act(`${text} ${target.name}`, () => change("POST", `${target.id}/${verb}`)));
  const is = state(target);
  const made = [];
  if (target.properties.computeType === "ComputeInstance") {
    if (["Running", "JobRunning"].includes(is)) made.push(...opened(target), ssh(target, button), power("Stop", "stop"), power("Restart", "restart"));
    if (["Stopped", "SetupFailed"].includes(is)) made.push(power("Start", "start"));
  }
  if (target.properties.computeType === "VirtualMachine" && !target.properties.isAttachedCompute) made.push(ssh(target, button));
  if (is !== "Deleting") made.push(removal(target, button, act));
  return made;
}

function opened(target) {
  return (inner(target).applications ?? []).map((application) =>
    el("a", { class: "button", href: application.endpointUri, target: "_blank", rel: "noopener" }, application.displayName));
}

function ssh(target, button) {
  const facts = inner(target);
  if (facts.address) {
    return signIn(target, button, "With the password that listKeys tells (get_credentials() in the SDK): ",
      facts.sshPort, facts.administratorAccount?.username, facts.address);
  }
  const settings = facts.sshSettings;
  if (settings?.sshPublicAccess !== "Enabled" || !settings.sshPort) return null;
  const host = facts.connectivityEndpoints?.publicIpAddress ?? location.hostname;
  return signIn(target, button, "With the key that it was made with: ", settings.sshPort, settings.adminUserName, host);
}

function signIn(target, button, how, port, user, host) {
  const line = `ssh -p ${port} ${user ?? "azureuser"}@${host}`;
  return button("SSH", () => ask(`Sign in to ${target.name}`, "Close",
    el("p", {}, how, el("code", { class: "line" }, line)), async () => {}));
}

function removal(target, button, act) {
  const attached = target.properties.isAttachedCompute;
  const verb = attached ? "Detach" : "Delete";
  return button(verb, () => ask(`${verb} ${target.name}?`, verb,
    el("p", {}, attached ? "The machine itself stays as it is." : "Its nodes go, and with them what only they have; runs and their outputs stay."),
    async () => { act(`${verb} ${target.name}`, () => change("DELETE", target.id, null, { underlyingResourceAction: verb })); }));
}

