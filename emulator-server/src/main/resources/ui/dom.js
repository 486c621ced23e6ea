// Builds elements. Text only ever becomes text: whatever a run is called, nothing of it is read as markup.

/** el("a", {href: "#/"}, "text", child, null): attributes with null, undefined or false are left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A table with its roles said aloud, because on narrow windows its rows are laid out as blocks. */
export function table(caption, columns, rows) {
  const head = columns.map((column) => el("th", { scope: "col", role: "columnheader", class: column.class }, column.title));
  return el(
    "table", { role: "table" },
    el("caption", { class: "unseen" }, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)),
    el("tbody", { role: "rowgroup" }, rows.map((cells) => el(
      "tr", { role: "row" },
      cells.map((cell, at) => el(
        at === 0 ? "th" : "td",
        { role: at === 0 ? "rowheader" : "cell", scope: at === 0 ? "row" : null, class: columns[at].class, "data-label": columns[at].title },
        cell))))));
}

/** Puts the children in place of what is there; what had the focus gets it back. */
export function fill(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (focused) [...parent.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus({ preventScroll: true });
}

export function runLink(workspaceId, runId, text = runId) {
  return el("a", { href: `#/run/${encodeURIComponent(workspaceId)}/${encodeURIComponent(runId)}` }, text);
}
