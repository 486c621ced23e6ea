// One compute target: its size and limits, a cell for each node it may have, and its nodes.
import { badge, look } from "./badge.js";
import { el, runLink, table } from "./dom.js";
import { kindName } from "./kind.js";
import { length, ticking } from "./time.js";

const CELLS = 48;
const NODES = 24;

export function targetCard(target, names) {
  const workspace = names.workspace(target.workspaceId);
  return el("li", { class: "card" },
    el("header", {},
      el("h3", {}, workspace ? el("span", { class: "dim" }, `${workspace} / `) : null, target.name),
      standing(target)),
    el("p", { class: "facts" }, facts(target)),
    cells(target),
    target.errors.map((error) => el("p", { class: "trouble" }, error)),
    nodes(target, names));
}

/** Only what needs saying: a cluster that is as it should be does not. */
function standing(target) {
  if (target.provisioning !== "succeeded") return badge(target.provisioning);
  if (target.state) return badge(target.state);
  return target.resizing ? badge("resizing") : null;
}

function facts(target) {
  const parts = [kindName(target.kind)];
  if (target.vmSize) parts.push(target.vmSize);
  if (target.vmPriority) parts.push(target.vmPriority === "dedicated" ? "dedicated" : "low priority");
  if (target.maxNodes !== undefined) parts.push(`${target.minNodes} to ${target.maxNodes} nodes`);
  if (target.idleSeconds !== undefined) parts.push(`idle nodes leave after ${length(target.idleSeconds)}`);
  if (target.jobsAtOnce !== undefined) parts.push(target.jobsAtOnce === 1 ? "1 job at a time" : `up to ${target.jobsAtOnce} jobs at once`);
  if (target.attached) parts.push("attached");
  return parts.join(" · ");
}

/** A picture of what the table below says. */
function cells(target) {
  const room = Math.max(target.maxNodes ?? target.jobsAtOnce ?? 0, target.nodes.length);
  if (room === 0 || room > CELLS) return null;
  const all = [...target.nodes.map((node) => look(node.state)), ...Array(room - target.nodes.length).fill("none")];
  return el("div", { class: "cells", "aria-hidden": "true" }, all.map((name) => el("span", { class: name })));
}

function nodes(target, names) {
  if (!target.nodes.length) {
    if (target.maxNodes === undefined) return el("p", { class: "note" }, "No job runs on it.");
    return el("p", { class: "note" }, target.waiting ? "No node yet." : "Scaled to zero: no node runs, a job brings one.");
  }
  const rows = target.nodes.slice(0, NODES).map((node) => [
    el("span", { class: "id" }, node.id),
    badge(node.state === "idle" && !node.ready ? "preparing" : node.state),
    doing(target, node, names),
    ticking("elapsed", node.since),
  ]);
  const columns = [{ title: "Node", class: "name" }, { title: "State" }, { title: "Doing", class: "wide" }, { title: "For", class: "number" }];
  const more = target.nodes.length - NODES;
  return [
    table(`Nodes of ${target.name}`, columns, rows),
    more > 0 ? el("p", { class: "note" }, `and ${more} more nodes`) : null,
  ];
}

function doing(target, node, names) {
  if (node.job) return runLink(target.workspaceId, node.job, names.run(target.workspaceId, node.job));
  if (node.state !== "idle" || !node.leavesAt) return "–";
  return target.nodes.length > target.minNodes ? ["leaves in ", ticking("until", node.leavesAt)] : "stays: it is the minimum";
}
