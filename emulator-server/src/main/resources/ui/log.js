// The log as it is printed: the last lines only, at the bottom unless the reader has scrolled up.
import { el } from "./dom.js";
import { Lines } from "./lines.js";
import { stream } from "./stream.js";

const MOST_LINES = 5000;
/** Of a long log only the end is fetched: some more than the lines that are kept need. */
const TAIL_BYTES = 1024 * 1024;
const NEAR_THE_END = 48;

export function logPanel(url, printed) {
  const box = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": "Log", tabindex: "0" });
  const state = el("span", { class: "state", role: "status" });
  const choice = el("select", { "aria-label": "Which log" });
  const whole = el("a", { download: true }, "download");
  const down = el("button", { type: "button", class: "down", hidden: true }, "↓ Follow");
  const root = el("section", { class: "printed", "aria-label": "Log" },
    el("div", { class: "tools" }, el("h2", {}, "Log"), choice, state, whole), el("div", { class: "frame" }, box, down));
  const lines = new Lines();
  let stop = () => {};
  let file = null;
  let chosen = false;
  let sticky = true;

  function open(path) {
    stop();
    file = path;
    clear();
    choice.value = path;
    whole.href = `${url.replace(/log$/, "file")}?path=${encodeURIComponent(path)}`;
    whole.hidden = true;
    state.textContent = "";
    stop = stream(`${url}/follow?file=${encodeURIComponent(path)}&from=-${TAIL_BYTES}`, {
      open: () => { state.textContent = "live"; },
      lost: () => { state.textContent = "reconnecting"; },
      refused: (status) => { if (status === 404) { state.textContent = "not there"; stop(); } },
      event: on,
    });
  }

  function on(name, data) {
    const event = JSON.parse(data);
    if (name === "restart") {
      clear("The next attempt began a new log; the earlier one is among the files.");
    } else if (name === "log") {
      if (event.from > 0 && !box.firstChild) notice("Earlier output is left out here; the download has all of it.");
      append(event.text);
      whole.hidden = false;
      printed();
    } else if (name === "end") {
      state.textContent = event.next ? "complete" : "";
      if (event.next === 0) notice("It printed nothing.");
      return false;
    }
    return true;
  }

  function clear(text) {
    lines.clear();
    box.replaceChildren();
    if (text) notice(text);
  }

  function notice(text) {
    box.append(el("div", { class: "notice" }, text));
  }

  function append(text) {
    const { finished, open: rest } = lines.add(text);
    if (box.lastChild?.classList.contains("open")) box.lastChild.remove();
    const fresh = finished.slice(-MOST_LINES).map((line) => el("div", {}, line || "\u200b"));
    if (rest) fresh.push(el("div", { class: "open" }, rest));
    box.append(...fresh);
    while (box.childElementCount > MOST_LINES) box.firstChild.remove();
    if (sticky) box.scrollTop = box.scrollHeight;
  }

  box.addEventListener("scroll", () => {
    sticky = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END;
    down.hidden = sticky;
  });
  down.addEventListener("click", () => {
    sticky = true;
    box.scrollTop = box.scrollHeight;
    box.focus({ preventScroll: true });
  });
  choice.addEventListener("change", () => {
    chosen = true;
    open(choice.value);
  });

  return {
    root,
    close: () => stop(),
    /** Logs that there are, and the one to show as long as the reader has not chosen. */
    offer(files, preferred) {
      if ([...choice.options].map((option) => option.value).join() !== files.join()) {
        choice.replaceChildren(...files.map((name) => el("option", { value: name }, name)));
      }
      choice.hidden = files.length < 2;
      const wanted = chosen ? file : preferred;
      if (wanted !== file) open(wanted);
      else choice.value = file;
    },
  };
}
