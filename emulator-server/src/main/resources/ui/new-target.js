// Asks for what a new cluster or instance needs, and sends it as an SDK would.
import { change, get, list } from "./arm.js";
import { el } from "./dom.js";
import { ask, field } from "./form.js";

const DEFAULT_SIZE = "Standard_DS3_v2";

export function newTarget(workspaces, act) {
  const sizes = el("datalist", { id: "sizes" });
  const part = (kind, ...fields) => el("fieldset", { "data-kind": kind }, fields);
  ask("New compute target", "Create", [
    field("Workspace", { name: "workspace", options: workspaces.map((each) => [each.armId, each.name]) }),
    field("Kind", { name: "kind", options: [["AmlCompute", "Cluster: nodes that come and go with the queue"], ["ComputeInstance", "Instance: one machine to work on"]] }),
    field("Name", { name: "name", maxlength: 32 }),
    field("VM size", { name: "size", list: "sizes", value: DEFAULT_SIZE }), sizes,
    part("AmlCompute",
      field("Priority", { name: "priority", options: [["Dedicated", "Dedicated"], ["LowPriority", "Low priority: its nodes may be evicted"]] }),
      field("Nodes at least", { name: "least", type: "number", min: 0, value: 0 }),
      field("Nodes at most", { name: "most", type: "number", min: 0, value: 2 }),
      field("Seconds idle before a node leaves", { name: "idle", type: "number", min: 0, value: 120 })),
    part("ComputeInstance",
      field("Minutes idle before it stops", { name: "shutdown", type: "number", min: 15, max: 4320, placeholder: "never" }, "From 15 minutes to 3 days; empty for never."),
      field("SSH public key", { name: "key", rows: 2, placeholder: "ssh-ed25519 …" }, "Empty for no SSH.")),
  ], async (values) => {
    const { location } = await get(values.workspace);
    await change("PUT", `${values.workspace}/computes/${encodeURIComponent(values.name)}`, { location, properties: properties(values) });
    await act(`Create ${values.name}`, async () => {});
  }, (form) => {
    for (const each of form.querySelectorAll("fieldset")) {
      each.hidden = each.disabled = each.dataset.kind !== form.kind.value;
    }
    offer(form.workspace.value, sizes);
  });
}

function properties(values) {
  const made = { computeType: values.kind };
  if (values.kind === "AmlCompute") {
    made.properties = {
      vmSize: values.size, vmPriority: values.priority,
      scaleSettings: { minNodeCount: Number(values.least), maxNodeCount: Number(values.most), nodeIdleTimeBeforeScaleDown: `PT${Number(values.idle)}S` },
    };
  } else {
    made.properties = {
      vmSize: values.size,
      sshSettings: values.key.trim() ? { sshPublicAccess: "Enabled", adminPublicKey: values.key.trim() } : { sshPublicAccess: "Disabled" },
      ...(values.shutdown ? { idleTimeBeforeShutdown: `PT${Number(values.shutdown)}M` } : {}),
    };
  }
  return made;
}

/** The sizes of the workspace's region, asked for once. */
async function offer(workspace, into) {
  if (into.dataset.of === workspace) return;
  into.dataset.of = workspace;
  const { location } = await get(workspace);
  const subscription = workspace.split("/")[2];
  const sizes = await list(`/subscriptions/${subscription}/providers/Microsoft.MachineLearningServices/locations/${location}/vmSizes`);
  into.replaceChildren(...sizes.map((size) => el("option", { value: size.name }, `${size.vCPUs} vCPUs, ${size.memoryGB} GB`)));
}
