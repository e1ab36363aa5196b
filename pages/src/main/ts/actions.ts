// What a person does to files, each with its way back.

import { address, call, type Node, Problem, type Trashed } from "./api";
import { count, join, nameOf, parentOf, visible } from "./format";
import { say } from "./ui";

export async function makeFolder(path: string): Promise<void> {
  await call("make-folder", { path });
  say(`Made “${visible(nameOf(path))}”.`, () => remove([path]));
}

export async function move(from: string, to: string): Promise<void> {
  if (from === to) return;
  await call("move", { from, to });
}

export async function rename(node: Node, name: string): Promise<string> {
  const to = join(parentOf(node.path), name);
  await refuseTaken(to);
  await move(node.path, to);
  say(`Renamed to “${visible(name)}”.`, () => move(to, node.path));
  return to;
}

/** A move onto a folder would go into it, which is not what renaming means. */
async function refuseTaken(path: string): Promise<void> {
  const there = await call("node", { path }).then(
    () => true,
    () => false,
  );
  if (there) {
    throw new Problem("LOCAL", "Something of that name is here already.", "Nothing was changed. Choose another name.");
  }
}

export async function moveInto(nodes: Node[], folder: string): Promise<void> {
  const done: [string, string][] = [];
  try {
    for (const node of nodes) {
      const to = join(folder, nameOf(node.path));
      await move(node.path, to);
      done.push([node.path, to]);
    }
  } finally {
    if (done.length > 0) {
      const what = done.length === 1 ? `“${visible(nameOf(done[0]?.[0] ?? ""))}”` : count(done.length, "item");
      say(`Moved ${what} to ${folder === "/" ? "Files" : `“${visible(nameOf(folder))}”`}.`, async () => {
        for (const [from, to] of done) await move(to, from);
      });
    }
  }
}

/** To the trash; the way back needs the nodes, because a name may be taken again by then. */
export async function remove(paths: string[]): Promise<void> {
  const nodes: Node[] = [];
  for (const path of paths) nodes.push(await call<Node>("node", { path }));
  const gone: Node[] = [];
  try {
    for (const node of nodes) {
      await call("remove", { path: node.path });
      gone.push(node);
    }
  } finally {
    if (gone.length > 0) {
      const what = gone.length === 1 ? `“${visible(nameOf(gone[0]?.path ?? ""))}”` : count(gone.length, "item");
      say(`Moved ${what} to the trash.`, async () => {
        for (const node of gone) await call("restore-trashed", { node: node.node });
      });
    }
  }
}

export async function restore(item: Trashed): Promise<void> {
  const { path } = await call<{ path: string }>("restore-trashed", { node: item.node });
  say(`“${visible(nameOf(path))}” is back in ${parentOf(path) === "/" ? "Files" : `“${visible(nameOf(parentOf(path)))}”`}.`, () =>
    call("remove", { path }),
  );
}

export async function restoreVersion(path: string, version: number): Promise<void> {
  const before = await call<Node>("node", { path });
  await call("restore-version", { path, version });
  say("That version is the current one again.", () => call("restore-version", { path, version: before.version }));
}

/** Has the browser save it. */
export function download(node: { path: string; kind: Node["kind"] }, version?: number): void {
  const query = { path: node.path, download: 1, ...(version === undefined ? {} : { version }) };
  save(node.kind === "file" ? address("content", query) : address("zip", { path: node.path }));
}

export function save(from: string): void {
  const link = document.createElement("a");
  link.href = from;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
