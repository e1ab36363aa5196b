// The making of previews, which any page may begin and every page may watch.

import { call, type Progress } from "./api";
import { Store } from "./store";
import { fail } from "./ui";

/** How far it is; null while nobody makes any. */
export const making = new Store<Progress | null>(null);

let stop: AbortController | null = null;
let more = false;

export async function makePreviews(): Promise<void> {
  // What came while some were made is looked at after them.
  if (making.get()) {
    more = true;
    return;
  }
  stop = new AbortController();
  making.set({ label: "previews", done: 0, total: 0, unit: "files" });
  try {
    await call("pictures-scan", {}, { signal: stop.signal, progress: (progress) => progress.label === "previews" && making.set(progress) });
  } catch (error) {
    fail(error);
  } finally {
    making.set(null);
    if (more && !stop.signal.aborted) void makePreviews();
    more = false;
  }
}

export function stopPreviews(): void {
  stop?.abort();
}
