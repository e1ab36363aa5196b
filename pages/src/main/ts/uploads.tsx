// Files on their way into the vault: sent to the agent in batches, then put in one go each.

import { useState } from "preact/hooks";
import { address, away, call, Problem, problemOf, type Progress, type Trouble } from "./api";
import { bytes, count, isPicture } from "./format";
import { Icon } from "./icons";
import { makePreviews } from "./previews";
import { Store } from "./store";
import { asProblem, Bar, Name, Troubles } from "./ui";

/** A file and where in the destination it belongs. */
export interface Incoming {
  file: File;
  path: string;
}

export interface Arriving {
  files: Incoming[];
  folders: string[];
}

/** What the files are taken for: mail and pictures are sorted in as the command does it. */
export type As = "files" | "mail" | "pictures";

interface Upload {
  id: string;
  as: As;
  title: string;
  destination: string;
  files: number;
  size: number;
  sent: number;
  phase: "sending" | "storing" | "done" | "failed" | "stopped";
  doing: string;
  problem: Problem | null;
  troubles: Trouble[];
  stop: AbortController;
  again: () => void;
}

const FILES_MAX = 400;
const BYTES_MAX = 1 << 29;
const AT_ONCE = 3;
const TRIES = 4;

const uploads = new Store<Upload[]>([]);

function change(id: string, change: Partial<Upload>): void {
  uploads.update((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)));
}

/** Begins to upload; what is under way is shown by the panel. */
export function upload(arriving: Arriving, destination: string, as: As = "files"): void {
  const batches = batched(arriving);
  for (const batch of batches) void run(batch, destination, as);
}

/** Many small files together, large ones alone. */
function batched(arriving: Arriving): Arriving[] {
  const batches: Arriving[] = [];
  let files: Incoming[] = [];
  let size = 0;
  for (const incoming of arriving.files) {
    if (files.length > 0 && (files.length >= FILES_MAX || size + incoming.file.size > BYTES_MAX)) {
      batches.push({ files, folders: [] });
      files = [];
      size = 0;
    }
    files.push(incoming);
    size += incoming.file.size;
  }
  if (files.length > 0 || arriving.folders.length > 0) batches.push({ files, folders: arriving.folders });
  return batches;
}

let turn: Promise<void> = Promise.resolve();

async function run(batch: Arriving, destination: string, as: As): Promise<void> {
  const id = crypto.randomUUID().replaceAll("-", "");
  const first = batch.files[0]?.path ?? batch.folders[0] ?? "";
  const upload: Upload = {
    id,
    as,
    title: (as === "mail" ? first.split("/")[1] : first.split("/")[0]) ?? first,
    destination,
    files: batch.files.length,
    size: batch.files.reduce((sum, one) => sum + one.file.size, 0),
    sent: 0,
    phase: "sending",
    doing: "Sealing and storing",
    problem: null,
    troubles: [],
    stop: new AbortController(),
    again: () => {},
  };
  upload.again = () => {
    const stop = new AbortController();
    change(id, { phase: "sending", problem: null, sent: 0, stop });
    void inTurn(upload, batch, stop.signal);
  };
  uploads.update((all) => [...all, upload]);
  await inTurn(upload, batch, upload.stop.signal);
}

/** One batch after the other, so that the first is whole soon. */
function inTurn(upload: Upload, batch: Arriving, signal: AbortSignal): Promise<void> {
  const before = turn;
  const work = async () => {
    await before;
    await transfer(upload, batch, signal);
  };
  turn = work();
  return turn;
}

async function transfer({ id, as, destination }: Upload, batch: Arriving, signal: AbortSignal): Promise<void> {
  try {
    const sent = new Map<Incoming, number>();
    const queue = [...batch.files];
    const sender = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const incoming = next;
        await send(id, incoming, signal, (count) => {
          sent.set(incoming, count);
          change(id, { sent: [...sent.values()].reduce((sum, one) => sum + one, 0) });
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    change(id, { phase: "storing" });
    const report = await call<Report>(
      `uploads/${id}`,
      { destination, folders: batch.folders, as },
      { signal, progress: (progress) => change(id, { doing: doing(progress) }) },
    );
    change(id, { phase: "done", doing: outcome(as, report), troubles: report.problems });
    if (report.problems.length === 0 && !report.otherFiles) setTimeout(() => forget(id), 6000);
    if (as === "files" && batch.files.some((one) => isPicture(one.path))) void makePreviews();
  } catch (error) {
    if (signal.aborted) {
      change(id, { phase: "stopped" });
      await fetch(address(`uploads/${id}`), { method: "DELETE" }).catch(() => undefined);
      setTimeout(() => forget(id), 3000);
    } else {
      change(id, { phase: "failed", problem: asProblem(error) });
    }
  }
}

interface Report {
  problems: Trouble[];
  imported?: number;
  alreadyThere?: number;
  duplicates?: number;
  otherFiles?: number;
}

function doing(progress: Progress): string {
  return progress.label === "previews"
    ? `Making previews, ${progress.done} of ${progress.total}`
    : `Sealing and storing${progress.unit === "bytes" ? ", " + bytes(progress.done) : ""}`;
}

function outcome(as: As, report: Report): string {
  if (as === "files") return "Stored";
  const known = (report.alreadyThere ?? 0) + (report.duplicates ?? 0);
  const parts = [count(report.imported ?? 0, as === "mail" ? "message" : "file") + " stored"];
  if (known > 0) parts.push(`${known.toLocaleString()} there already`);
  if (report.otherFiles) parts.push(`${count(report.otherFiles, "file")} left out, as no mail`);
  return parts.join(", ");
}

function forget(id: string): void {
  uploads.update((all) => all.filter((one) => one.id !== id));
}

/** Sends one file; after a break it goes on where the agent has it. */
async function send(id: string, incoming: Incoming, signal: AbortSignal, sent: (count: number) => void): Promise<void> {
  let offset = await sizeAt(id, incoming.path);
  for (let attempt = 1; ; attempt++) {
    try {
      await put(id, incoming, offset, signal, (count) => sent(offset + count));
      sent(incoming.file.size);
      return;
    } catch (error) {
      if (signal.aborted || attempt === TRIES || (error instanceof Problem && error.code !== "UNAVAILABLE")) throw error;
      await new Promise((wake) => setTimeout(wake, attempt * 500));
      offset = await sizeAt(id, incoming.path);
    }
  }
}

async function sizeAt(id: string, path: string): Promise<number> {
  const answer = await fetch(address(`uploads/${id}`, { path })).catch(() => {
    throw away();
  });
  if (!answer.ok) throw await problemOf(answer);
  return ((await answer.json()) as { size: number }).size;
}

/** By XMLHttpRequest, which alone says how far a request has gone. */
function put(id: string, incoming: Incoming, offset: number, signal: AbortSignal, sent: (count: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.open("PUT", address(`uploads/${id}`, { path: incoming.path, offset, modified: incoming.file.lastModified }));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => {
      if (request.status === 200) resolve();
      else problemOf(new Response(request.responseText, { status: request.status })).then(reject, reject);
    };
    request.onerror = () => reject(away());
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", stop);
    request.send(offset > 0 ? incoming.file.slice(offset) : incoming.file);
  });
}

// --- what comes from a button or is dropped ---

export function ofInput(input: HTMLInputElement): Arriving {
  const files = [...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  return { files, folders: [] };
}

/** Entries must be taken while the drop is handled; what is in folders is read after that. */
export async function ofDrop(transfer: DataTransfer): Promise<Arriving> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const arriving: Arriving = { files: [], folders: [] };
  for (const entry of entries) await walk(entry, "", arriving);
  return arriving;
}

async function walk(entry: FileSystemEntry, prefix: string, into: Arriving): Promise<void> {
  const path = prefix + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    into.files.push({ file, path });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  let any = false;
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    any = true;
    for (const child of some) await walk(child, path + "/", into);
  }
  if (!any) into.folders.push(path);
}

// --- the panel ---

export function UploadPanel() {
  const all = uploads.use();
  const [small, setSmall] = useState(false);
  if (all.length === 0) return null;
  const active = all.filter((one) => one.phase === "sending" || one.phase === "storing");
  const size = all.reduce((sum, one) => sum + one.size, 0);
  const sent = all.reduce((sum, one) => sum + one.sent, 0);
  return (
    <section class="uploads" aria-label="Uploads">
      <header>
        <strong>{active.length > 0 ? `Uploading ${count(all.reduce((sum, one) => sum + one.files, 0), "file")}` : "Uploads"}</strong>
        <button class="round" aria-expanded={!small} aria-label={small ? "Show uploads" : "Hide uploads"} onClick={() => setSmall(!small)}>
          <Icon name={small ? "plus" : "close"} size={16} />
        </button>
      </header>
      {active.length > 0 && <Bar done={sent} total={size} label="All uploads" />}
      {!small && (
        <ul>
          {all.map((one) => (
            <li key={one.id}>
              <UploadRow upload={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function UploadRow({ upload }: { upload: Upload }) {
  const more = upload.files > 1 ? ` and ${count(upload.files - 1, "more file")}` : "";
  const words: Record<Upload["phase"], string> = {
    sending: `${bytes(upload.sent)} of ${bytes(upload.size)}`,
    storing: upload.doing,
    done: upload.doing,
    failed: upload.problem ? `${upload.problem.message} ${upload.problem.advice}` : "Failed",
    stopped: "Called off; nothing was stored",
  };
  const running = upload.phase === "sending" || upload.phase === "storing";
  return (
    <>
      <div class="upload">
        <div class="upload-words">
          <span class="upload-name">
            <Name of={upload.title} />
            {more}
          </span>
          <small class={upload.phase === "failed" ? "wrong" : ""}>{words[upload.phase]}</small>
        </div>
        {running && (
          <button class="round" aria-label="Call off" onClick={() => upload.stop.abort()}>
            <Icon name="close" size={16} />
          </button>
        )}
        {upload.phase === "failed" && (
          <>
            <button class="button" onClick={upload.again}>
              Try again
            </button>
            <button class="round" aria-label="Dismiss" onClick={() => forget(upload.id)}>
              <Icon name="close" size={16} />
            </button>
          </>
        )}
        {upload.phase === "done" &&
          (upload.troubles.length > 0 || upload.doing.includes("left out") ? (
            <button class="round" aria-label="Dismiss" onClick={() => forget(upload.id)}>
              <Icon name="close" size={16} />
            </button>
          ) : (
            <span class="ok">
              <Icon name="check" />
            </span>
          ))}
      </div>
      {upload.troubles.length > 0 && <Troubles all={upload.troubles} />}
    </>
  );
}
