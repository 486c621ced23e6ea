// Reads server-sent events of any name, and comes back after a break to where it was. Unlike EventSource it hears
// events whose names it was not told, sees why it is refused, and lets go while nobody looks: browsers allow six
// connections to a server.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10000;

/** on: { open(), event(name, data) -> false ends it, lost(), refused(status) }. Returns a function that ends it. */
export function stream(url, on) {
  let ended = false;
  let last = null;
  let pause = FIRST_PAUSE;
  let request = null;
  let timer = 0;

  async function read() {
    clearTimeout(timer);
    if (ended || request || document.hidden) return;
    const mine = new AbortController();
    request = mine;
    try {
      const headers = { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) };
      const answer = await fetch(url, { headers, cache: "no-store", signal: mine.signal });
      if (answer.ok) {
        pause = FIRST_PAUSE;
        on.open();
        await parse(answer.body);
      } else {
        on.refused?.(answer.status);
      }
    } catch {
      // the connection broke, or was let go: below it is made again
    }
    if (request === mine) request = null;
    if (ended || document.hidden) return;
    on.lost();
    timer = setTimeout(read, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  async function parse(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done || ended) return;
      text += value;
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop();
      for (const block of blocks) deliver(block);
    }
  }

  function deliver(block) {
    const event = { name: "message", data: [] };
    for (const line of block.split(/\r?\n/)) {
      const [, field, value] = /^(\w*): ?(.*)$/s.exec(line) ?? [];
      if (field === "event") event.name = value;
      else if (field === "data") event.data.push(value);
      else if (field === "id") last = value;
    }
    if (!ended && event.data.length && on.event(event.name, event.data.join("\n")) === false) stop();
  }

  function letGo() {
    clearTimeout(timer);
    request?.abort();
    request = null;
  }

  function onVisibility() {
    if (document.hidden) letGo();
    else read();
  }

  function stop() {
    ended = true;
    document.removeEventListener("visibilitychange", onVisibility);
    letGo();
  }

  document.addEventListener("visibilitychange", onVisibility);
  read();
  return stop;
}
