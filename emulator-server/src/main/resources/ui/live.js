// Tells when there is something new. Nothing polls: the emulator's events say when to look again.
import { stream } from "./stream.js";

/** Calls `work` soon, once for all requests in between; never twice at the same time. */
export function debounced(work, milliseconds) {
  let timer = 0;
  let busy = false;
  let again = false;
  async function run() {
    timer = 0;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
      if (again) {
        again = false;
        soon();
      }
    }
  }
  function soon() {
    timer ||= setTimeout(run, milliseconds);
  }
  return soon;
}

export async function json(url) {
  const answer = await fetch(url, { cache: "no-store", headers: { Accept: "application/json" } });
  if (!answer.ok) throw Object.assign(new Error(`${url}: ${answer.status}`), { status: answer.status });
  return answer.json();
}

/** `changed` is called for every event and after every break, `linked` with whether the emulator is in reach. */
export function follow(changed, linked) {
  return stream("/_emulator/events", {
    open: () => { linked(true); changed(); },
    event: () => changed(),
    lost: () => linked(false),
  });
}
