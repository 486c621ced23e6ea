// Turns pieces of a log into lines as a terminal would leave them.

/** Longer ones are cut: a line without end must not stop the page. */
const LONGEST = 10000;
/** Colours and cursor movements. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

export class Lines {
  #open = "";
  #cut = 0;

  /** The lines that are finished now, and the one that is not yet. */
  add(text) {
    const parts = (this.#open + text).split("\n");
    const hidden = this.#cut;
    this.#open = parts.pop();
    this.#cut = parts.length ? 0 : hidden;
    if (this.#open.length > 2 * LONGEST) {
      // A progress bar's earlier states do not count; of anything else the beginning is shown.
      const last = this.#open.lastIndexOf("\r", this.#open.length - 2);
      const kept = last < 0 ? this.#open.slice(0, LONGEST) : this.#open.slice(last + 1);
      this.#cut += last < 0 ? this.#open.length - LONGEST : 0;
      this.#open = kept;
    }
    const finished = parts.map((line, at) => readable(line, at === 0 ? hidden : 0));
    return { finished, open: this.#open ? readable(this.#open, this.#cut) : "" };
  }

  clear() {
    this.#open = "";
    this.#cut = 0;
  }
}

/** What a carriage return wrote over is gone, as on a terminal. */
function readable(line, cut) {
  const plain = line.replace(ESCAPES, "").replace(/\r+$/, "");
  const last = plain.slice(plain.lastIndexOf("\r") + 1);
  const more = cut + Math.max(0, last.length - LONGEST);
  return more ? `${last.slice(0, LONGEST)} … ${more} more characters` : last;
}
