// The public API, as any client uses it: the page has no way of its own to change anything.

const VERSION = "2024-10-01";

/** What the service refused, in its own words. */
export class Refused extends Error {
  constructor(status, error) {
    super(error?.message ?? `The emulator answered ${status}.`);
    this.status = status;
    this.code = error?.code ?? "";
  }
}

async function call(method, url, body) {
  const answer = await fetch(url, {
    method,
    cache: "no-store",
    headers: { "x-malachite-page": "1", Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await answer.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    // Not an answer of the API's; the status tells.
  }
  if (!answer.ok) throw new Refused(answer.status, json?.error?.error ?? json?.error);
  return { answer, json };
}

function address(path, parameters = {}) {
  return `${path}?${new URLSearchParams({ "api-version": VERSION, ...parameters })}`;
}

export async function get(path) {
  return (await call("GET", address(path))).json;
}

/** All pages of a list. */
export async function list(path) {
  const found = [];
  let next = address(path);
  while (next) {
    const { json } = await call("GET", next);
    found.push(...json.value);
    next = json.nextLink ? here(json.nextLink) : null;
  }
  return found;
}

/** Changes something, and returns when the service says that it is done. */
export async function change(method, path, body, parameters) {
  const { answer } = await call(method, address(path, parameters), body);
  const operation = answer.headers.get("Azure-AsyncOperation");
  if (operation) await done(here(operation));
}

async function done(url) {
  for (;;) {
    const { answer, json } = await call("GET", url);
    if (json.status === "Succeeded") return;
    if (json.status !== "InProgress") throw new Refused(200, json.error?.error ?? json.error);
    const seconds = Number(answer.headers.get("Retry-After")) || 1;
    await new Promise((go) => setTimeout(go, seconds * 1000));
  }
}

/** Where the page came from is where it asks, whatever name the emulator gives itself. */
function here(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}
