// What every page knows of the device.

import type { Status } from "./api";
import { Store } from "./store";

export const status = new Store<Status | null>(null);
export const connected = new Store(true);

/** Grows with every entry of the vault's log: whoever shows the tree looks again. */
export function vaultVersion(now: Status | null): number {
  return now?.logs.find((log) => log.kind === "vault")?.sequence ?? -1;
}


export function attention(now: Status | null): number {
  if (!now) return 0;
  const frozen = now.logs.filter((log) => log.frozen).length;
  const asking = now.syncs.filter((sync) => sync.question).length;
  const troubles = now.syncs.reduce((sum, sync) => sum + sync.problems.length, 0);
  return now.problems.length + frozen + asking + troubles + (now.rotationPending ? 1 : 0);
}
