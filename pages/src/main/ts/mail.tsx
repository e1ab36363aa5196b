import { useEffect, useRef, useState } from "preact/hooks";
import { remove, save } from "./actions";
import { address, call, type Letter, type Thread } from "./api";
import { Conversation } from "./conversation";
import { DropZone } from "./drop";
import { ago, count, nameOf, parentOf, visible } from "./format";
import { Icon } from "./icons";
import { useLoad } from "./load";
import { Avatar, person } from "./people";
import { go, turn } from "./router";
import { status, vaultVersion } from "./state";
import { attempt, type Choice, Empty, Failed, Menu, Name, say, Waiting } from "./ui";
import { type Arriving, ofInput, upload } from "./uploads";
import { Rows } from "./virtual";

const ROW = 78;
const PAGE = 100;
const PAGE_MAX = 1000;

interface Folder {
  path: string;
  messages: number;
}

export function MailPage({ path, item }: { path: string; item: string }) {
  const version = vaultVersion(status.use());
  const [wanted, setWanted] = useState(PAGE);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const folders = useLoad(async (signal) => (await call<{ items: Folder[] }>("mail-folders", {}, { signal })).items, [version]);
  const loaded = useLoad(async (signal) => ({ path, ...(await threads(path, wanted, signal)) }), [path, version, wanted]);
  const now = loaded.value?.path === path ? loaded.value : null;
  const all = now?.threads ?? [];
  const opened = item === "" ? null : Number(item);
  const at = all.findIndex((one) => one.thread === opened);

  useEffect(() => {
    setWanted(PAGE);
    box.current?.parentElement?.scrollTo(0, 0);
  }, [path]);

  const open = (thread: Thread | undefined) => {
    if (thread) (opened === null ? go : turn)("mail", path, String(thread.thread));
  };
  const move = (to: number) => {
    const next = all[Math.min(all.length - 1, Math.max(0, to))];
    if (!next) return;
    open(next);
    const list = box.current?.parentElement;
    const top = all.indexOf(next) * ROW;
    if (list && top < list.scrollTop) list.scrollTo(0, top);
    else if (list && top + ROW > list.scrollTop + list.clientHeight) list.scrollTo(0, top + ROW - list.clientHeight);
  };
  const trash = (thread: number) => {
    const next = all[at + 1] ?? all[at - 1];
    attempt(async () => {
      const { items } = await call<{ items: Letter[] }>("mail-thread", { thread });
      await remove(items.map((one) => one.path));
      if (thread === opened) turn("mail", path, next && innerWidth > 900 ? String(next.thread) : "");
    });
  };
  const bring = (arriving: Arriving) => {
    // What is dropped belongs to the folder that is shown: its name is the first of each path.
    const into = path === "/" ? "/Mail" : path;
    const files = arriving.files.map((one) => ({ ...one, path: `${nameOf(into)}/${one.path}` }));
    if (files.length > 0) upload({ files, folders: [] }, parentOf(into), "mail");
  };

  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || document.querySelector("dialog[open]") || target.matches("input, select, textarea, [role=menuitem]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowRight") move(at + 1);
    else if (event.key === "ArrowUp" || event.key === "ArrowLeft") move(at < 0 ? 0 : at - 1);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(all.length - 1);
    else if (event.key === "Delete" && opened !== null) trash(opened);
    else if (event.key === "Escape" && opened !== null) turn("mail", path, "");
    else if (event.key === "u") input.current?.click();
    else return;
    event.preventDefault();
  };
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => latest.current(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);

  const name = path === "/" ? "All mail" : nameOf(path);
  const choices: Choice[] = [
    { label: "Import mail…", icon: "upload", act: () => input.current?.click() },
    { label: "Export as mbox", icon: "download", act: () => exported(address("mailbox", { path })) },
    { label: "Export as .eml files", icon: "archive", act: () => exported(address("zip", { path })) },
    ...(path === "/" ? [] : [{ label: "Show in Files", icon: "files" as const, act: () => go("files", path) }]),
  ];
  const total = folders.value?.reduce((sum, one) => sum + one.messages, 0) ?? 0;
  const nothing = total === 0 && folders.value !== null && all.length === 0;

  return (
    <DropZone page={`mail ${opened === null ? "" : "reading"}`} what={path === "/" ? "Mail" : <Name of={name} />} take={bring}>
      <div class="letters">
        <header class="letters-head">
          <h1>Mail</h1>
          <Menu label="Import and export" choices={choices} />
          <input
            ref={input}
            type="file"
            multiple
            hidden
            aria-label="Mail to import"
            onChange={(event) => {
              bring(ofInput(event.currentTarget));
              event.currentTarget.value = "";
            }}
          />
          <Folders all={folders.value ?? []} path={path} total={total} />
        </header>
        {loaded.error && !now ? (
          <Failed error={loaded.error} again={loaded.again} />
        ) : !now ? (
          <Waiting />
        ) : all.length === 0 ? (
          <p class="none">{nothing ? " " : "No messages in this folder."}</p>
        ) : (
          <div class="letters-list" aria-label={`Conversations in ${name}`} role="list" tabIndex={-1}>
            <Rows
              box={box}
              count={all.length}
              rowHeight={ROW}
              row={(index) => {
                const thread = all[index];
                // Twice as many each time, so that going through all of them asks for each a few times at most.
                if (index >= all.length - 20 && now.next && wanted <= all.length) setTimeout(() => setWanted(all.length * 2 + PAGE));
                return thread && <Row key={thread.thread} thread={thread} on={thread.thread === opened} tab={index === Math.max(0, at)} open={() => open(thread)} />;
              }}
            />
          </div>
        )}
      </div>
      <div class="reading-pane">
        {nothing ? (
          <Empty icon="mail" title="No mail here yet">
            <p>
              Drop an mbox file, a Maildir or messages (.eml) here: an export of your mailbox. Every byte is kept, and nothing comes twice. Coffer does not send or fetch mail.
            </p>
            <button class="button main" onClick={() => input.current?.click()}>
              <Icon name="upload" /> Import mail
            </button>
          </Empty>
        ) : opened === null ? (
          <Empty icon="mail" title={path === "/" ? "All mail" : visible(name)}>
            <p>{now ? `${count(all.length, "conversation")}${now.next ? " and more" : ""}. Choose one, or go through them with the arrow keys.` : ""}</p>
          </Empty>
        ) : (
          <Conversation key={opened} thread={opened} version={version} back={() => turn("mail", path, "")} trash={() => trash(opened)} />
        )}
      </div>
    </DropZone>
  );
}

function exported(from: string): void {
  save(from);
  say("The export is being made. The browser saves it as soon as it is there.");
}

async function threads(path: string, wanted: number, signal: AbortSignal): Promise<{ threads: Thread[]; next: string }> {
  const all: Thread[] = [];
  let next = "";
  do {
    const limit = Math.min(PAGE_MAX, wanted - all.length);
    const page = await call<{ items: Thread[]; next: string }>("mail-threads", { path, cursor: next, limit }, { signal });
    all.push(...page.items);
    next = page.next;
  } while (next && all.length < wanted);
  return { threads: all, next };
}

function Folders({ all, path, total }: { all: Folder[]; path: string; total: number }) {
  // Those that hold none themselves but have such below them can be chosen too.
  const paths = new Map<string, number>();
  for (const folder of all) {
    for (let at = parentOf(folder.path); at !== "/"; at = parentOf(at)) if (!paths.has(at)) paths.set(at, 0);
    paths.set(folder.path, folder.messages);
  }
  if (path !== "/" && !paths.has(path)) paths.set(path, 0);
  const sorted = [...paths].filter(([one]) => one !== "/").sort(([a], [b]) => a.localeCompare(b));
  return (
    <label class="folder-choice">
      <span class="hidden">Folder</span>
      <Icon name="mail" size={18} />
      <select value={path} onChange={(event) => go("mail", event.currentTarget.value)}>
        <option value="/">All mail ({total.toLocaleString()})</option>
        {sorted.map(([one, messages]) => (
          <option value={one} key={one}>
            {"\u2003".repeat(one.split("/").length - 2)}
            {visible(nameOf(one))}
            {messages > 0 ? ` (${messages.toLocaleString()})` : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

function Row({ thread, on, tab, open }: { thread: Thread; on: boolean; tab: boolean; open: () => void }) {
  const letter = thread.latest;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (on && document.activeElement?.matches(".letter, body")) button.current?.focus({ preventScroll: true });
  }, [on]);
  return (
    <div role="listitem" class="letter-at">
      <button ref={button} class="letter" aria-current={on ? "true" : undefined} tabIndex={tab ? 0 : -1} onClick={open}>
        <Avatar of={letter.sender} />
        <span class="letter-words">
          <span class="letter-first">
            <strong>
              <Name of={person(letter.sender).name} />
            </strong>
            <small>{letter.date ? ago(letter.date) : "no date"}</small>
          </span>
          <span class="letter-subject">
            <span>{letter.subject ? <Name of={letter.subject} /> : <em>No subject</em>}</span>
            {letter.attachments && (
              <>
                <Icon name="clip" size={15} />
                <span class="hidden">with attachments</span>
              </>
            )}
            {thread.messages > 1 && <span class="many" aria-label={`${thread.messages} messages`}>{thread.messages}</span>}
          </span>
        </span>
      </button>
    </div>
  );
}
