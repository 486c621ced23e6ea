// A dialog with a form that says what is wrong in its own place, and keeps what was typed.
import { el } from "./dom.js";

/** One labelled field; `attributes` go to the input. */
export function field(label, attributes, hint) {
  const id = `field-${attributes.name}`;
  const input = attributes.options
    ? el("select", { id, name: attributes.name }, attributes.options.map(([value, text]) => el("option", { value }, text)))
    : el(attributes.rows ? "textarea" : "input", { id, autocomplete: "off", spellcheck: "false", ...attributes });
  return el("div", { class: "field" }, el("label", { for: id }, label), input, hint ? el("small", {}, hint) : null);
}

/**
 * Opens a dialog; `work(values)` carries it out, and what it throws is shown and the dialog stays.
 * `changed(form)` is told of every change of a field, and once at the beginning.
 */
export function ask(title, verb, content, work, changed = () => {}) {
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  const send = el("button", { type: "submit", class: "primary" }, verb);
  const leave = el("button", { type: "button" }, "Cancel");
  const form = el("form", { novalidate: true }, el("h2", { id: "asked" }, title), content, trouble, el("div", { class: "buttons" }, leave, send));
  const dialog = el("dialog", { "aria-labelledby": "asked" }, form);
  leave.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("input", () => changed(form));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    send.disabled = true;
    try {
      await work(Object.fromEntries(new FormData(form)));
      dialog.close();
    } catch (refused) {
      trouble.textContent = refused.message;
      trouble.hidden = false;
    } finally {
      send.disabled = false;
    }
  });
  document.body.append(dialog);
  changed(form);
  dialog.showModal();
  form.querySelector("input, textarea, select, .primary")?.focus();
}
