// The agent, as the pages may ask it. Every call goes below the session's key; the cookie goes with it by itself.

export interface Node {
  path: string;
  kind: "file" | "folder" | "symlink";
  size: number;
  modified: string;
  node: string;
  version: number;
  device: string;
}

export interface Trashed {
  node: string;
  path: string;
  kind: Node["kind"];
  size: number;
  deleted: string;
  expires: string;
  device: string;
}

export interface Version {
  version: number;
  time: string;
  device: string;
  path: string;
  size: number;
  current: boolean;
  deleted: string | null;
}

export interface Trouble {
  where: string;
  code: string;
  message: string;
  advice?: string;
}

export interface Sync {
  folder: string;
  path: string;
  state: string;
  sending: number;
  receiving: number;
  waiting: number;
  question: string | null;
  agreed: string | null;
  problems: Trouble[];
}

export interface Status {
  account: string;
  device: string;
  deviceId: string;
  service: string;
  online: boolean;
  logs: { kind: string; sequence: number; head: string; frozen: string | null }[];
  files: number;
  bytes: number;
  packs: number;
  packBytes: number;
  pendingUploads: number;
  rotationPending: boolean;
  limits: { up: number; down: number };
  syncs: Sync[];
  problems: Trouble[];
}

export interface Place {
  provider: string;
  owner: string;
  region: string;
  state: string;
  origin: string;
  copies: number;
  bytes: number;
  proven: number;
  since: string | null;
}

export interface Where {
  path: string;
  region: string;
  packs: number;
  bytes: number;
  without: number;
  places: Place[];
  problems: Trouble[];
}

export interface Regions {
  region: string;
  regions: { id: string; name: string; jurisdiction: string; copies: number }[];
  standing: Standing[];
  former: string[];
  left: { provider: string; region: string; used: number; leaving: number; bytes: number }[];
  problems: Trouble[];
}

export interface Standing {
  id: string;
  owner: string;
  region: string;
  state: string;
  share: number;
  reason: string;
  since: string;
  passed: boolean;
  report: string | null;
}

export interface Holder {
  holder: string;
  key: string;
  since: string;
  entry: string;
}

export interface Statement {
  index: number;
  kind: string;
  time: string | null;
  about: string;
  words: string;
  own: boolean;
}

export interface Device {
  id: string;
  name: string;
  role: string;
  added: string;
  active: boolean;
  self: boolean;
}

export interface Phone {
  name: string;
  added: string;
  used: string | null;
  ends: string;
}

export interface Phones {
  on: boolean;
  site: string | null;
  fingerprint: string | null;
  problem: { code: string; message: string; advice: string } | null;
  phones: Phone[];
}

export interface Point {
  version: number;
  time: string;
  device: string;
  newest: number;
}

export interface Step {
  what: string;
  where: string;
}

export interface Picture {
  node: string;
  path: string;
  film: boolean;
  time: string;
  shown: string;
  width: number;
  height: number;
  size: number;
  preview: boolean;
  latitude: string | null;
  longitude: string | null;
  camera: string;
  liveWith: string | null;
  livePath: string | null;
}

export interface Letter {
  node: string;
  path: string;
  date: string | null;
  sender: string;
  to: string;
  subject: string;
  attachments: boolean;
  size: number;
  thread: number;
}

export interface Thread {
  thread: number;
  messages: number;
  latest: Letter;
}

export interface Part {
  index: number;
  type: string;
  name: string;
  size: number;
  attached: boolean;
}

export interface Message {
  headers: { name: string; value: string }[];
  text: string;
  html: boolean;
  lines: number;
  blocked: number;
  parts: Part[];
  whole: boolean;
}

export interface Progress {
  label: string;
  done: number;
  total: number;
  unit: string;
}

/** What went wrong, in words for a person. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

const KEPT = "coffer-session";

let key = "";
let lost: () => void = () => {};

/** Runs `then` when the session is not, or no longer, good. */
export function whenLost(then: () => void): void {
  lost = then;
}

/** Served over TLS is what is served to phones: they may see, add and arrange, and no more. */
export const onPhone = location.protocol === "https:";

/** A phone whose ticket was taken, before a person at the computer has let it in. */
export interface Asking {
  claim: string;
  code: string;
}

/** Takes the ticket in the address, or the session of before; false if there is neither. */
export async function enter(): Promise<boolean | Asking> {
  const ticket = /^#([0-9a-f]{64})$/.exec(location.hash)?.[1];
  if (ticket) {
    history.replaceState(null, "", "#/files/");
    const answer = await fetch("/api/session", post({ ticket }));
    if (answer.status === 202) return (await answer.json()) as Asking;
    if (answer.ok) {
      await keep(answer);
      return true;
    }
  }
  key = localStorage.getItem(KEPT) ?? "";
  return /^[0-9a-f]{64}$/.test(key);
}

async function keep(answer: Response): Promise<void> {
  key = ((await answer.json()) as { key: string }).key;
  localStorage.setItem(KEPT, key);
}

/** Asks whether the person at the computer has let this phone in. */
export async function claim(asking: Asking): Promise<"in" | "waits" | "over"> {
  let answer: Response;
  try {
    answer = await fetch("/api/session", post({ claim: asking.claim }));
  } catch {
    return "waits"; // the network of a phone comes and goes
  }
  if (answer.status === 202) return "waits";
  if (!answer.ok) return "over";
  await keep(answer);
  return "in";
}

export async function leave(): Promise<void> {
  await fetch(address("end"), post({})).catch(() => undefined);
  forget();
}

function forget(): void {
  localStorage.removeItem(KEPT);
  key = "";
  lost();
}

export function address(name: string, query: Record<string, string | number> = {}): string {
  const text = Object.entries(query)
    .map(([field, value]) => `${field}=${encodeURIComponent(value)}`)
    .join("&");
  return `/api/${key}/${name}${text ? "?" + text : ""}`;
}

function post(body: object): RequestInit {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

interface Listening<I> {
  signal?: AbortSignal | undefined;
  items?: (items: I[]) => void;
  progress?: (progress: Progress) => void;
}

/** Does one operation; parts of the answer come through `items`, how far it is through `progress`. */
export async function call<T, I = unknown>(name: string, body: object = {}, listening: Listening<I> = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(address(name), { ...post(body), signal: listening.signal ?? null });
  } catch (error) {
    throw listening.signal?.aborted ? error : away();
  }
  if (answer.status === 401) {
    forget();
    throw new Problem("SESSION", "These pages are closed.", onPhone ? "Pair this phone again." : "Open them again with `coffer open`.");
  }
  if (!answer.ok || !answer.body) {
    throw await problemOf(answer);
  }
  for await (const line of lines(answer.body)) {
    const json = JSON.parse(line) as {
      items?: I[];
      progress?: Progress;
      problem?: { code: string; message: string; advice: string };
      result?: T;
    };
    if (json.items) listening.items?.(json.items);
    else if (json.progress) listening.progress?.(json.progress);
    else if (json.problem) throw new Problem(json.problem.code, json.problem.message, json.problem.advice);
    else if (json.result !== undefined) return json.result;
  }
  throw away();
}

/** What an answer that is no success says. */
export async function problemOf(answer: Response): Promise<Problem> {
  try {
    const json = (await answer.json()) as { problem?: { code: string; message: string; advice: string }; message?: string };
    if (json.problem) return new Problem(json.problem.code, json.problem.message, json.problem.advice);
    if (json.message) return new Problem("PROTOCOL", json.message, "Load this page again.");
  } catch {
    // No words came with it.
  }
  return away();
}

export function away(): Problem {
  return onPhone
    ? new Problem("UNAVAILABLE", "The computer does not answer.", "What was committed is safe. See that it is on, and this phone in the same network.")
    : new Problem("UNAVAILABLE", "The agent of this device does not answer.", "What was committed is safe. Run `coffer open`.");
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw away();
      });
      rest += decoder.decode(value, { stream: !done });
      const parts = rest.split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) if (part) yield part;
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Hears the device's status each time it changes, until the function that is returned is called. */
export function follow(each: (status: Status | null) => void): () => void {
  let source: EventSource | null = null;
  const start = () => {
    if (source || document.hidden) return;
    source = new EventSource(address("events"));
    source.onmessage = (event) => {
      const json = JSON.parse(event.data as string) as Status | { problem: object };
      if (!("problem" in json)) each(json);
    };
    source.onerror = () => {
      each(null);
      if (source?.readyState === EventSource.CLOSED) {
        stop();
        call("limits").catch(() => undefined); // tells whether the session has ended
        setTimeout(start, 2000);
      }
    };
  };
  const stop = () => {
    source?.close();
    source = null;
  };
  // A page that nobody sees gives its connection to those that are seen.
  const turn = () => (document.hidden ? stop() : start());
  document.addEventListener("visibilitychange", turn);
  start();
  return () => {
    document.removeEventListener("visibilitychange", turn);
    stop();
  };
}
