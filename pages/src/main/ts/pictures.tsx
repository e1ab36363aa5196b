import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { download, remove } from "./actions";
import { call, type Picture } from "./api";
import { ChooseFolder } from "./chooser";
import { DropZone } from "./drop";
import { Duplicates } from "./duplicates";
import { count, nameOf, visible } from "./format";
import { Icon } from "./icons";
import type { Day } from "./layout";
import { useLoad } from "./load";
import { making, makePreviews, stopPreviews } from "./previews";
import { go, turn } from "./router";
import { status, vaultVersion } from "./state";
import { attempt, Bar, Empty, Failed, Name, Waiting } from "./ui";
import { ofInput, upload } from "./uploads";
import { Viewer } from "./viewer";
import { Entries, Wall } from "./wall";

const SIZES = [104, 150, 216, 300];
const KEPT = "coffer-tiles";

export function PicturesPage({ path, item }: { path: string; item: string }) {
  const version = vaultVersion(status.use());
  const [chosen, setChosen] = useState<ReadonlyMap<string, Picture>>(new Map());
  const [size, setSize] = useState(Number(localStorage.getItem(KEPT) ?? 1));
  const [choosing, setChoosing] = useState(false);
  const [cursor, setCursor] = useState(0);
  const [, again] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const last = useRef<Entries | null>(null);
  const loaded = useLoad(
    async (signal) => {
      const answer = await call<{ items: Day[]; unseen: number }>("pictures-days", { path }, { signal });
      // Each look at the days brings entries of its own, which show the old ones until they know better.
      last.current = new Entries(path, () => again((n) => n + 1), last.current);
      return { path, days: answer.items, unseen: answer.unseen, entries: last.current };
    },
    [path, version],
  );
  const now = loaded.value?.path === path ? loaded.value : null;
  const total = useMemo(() => (now?.days ?? []).reduce((sum, day) => sum + day.count, 0), [now]);
  const alike = item === "duplicates";
  const opened = /^[0-9]+$/.test(item) ? Math.min(Number(item), total - 1) : -1;

  useEffect(() => {
    setChosen(new Map());
    setCursor(0);
    scrollTo(0, 0);
  }, [path, alike]);

  const resize = (by: number) => {
    const to = Math.min(SIZES.length - 1, Math.max(0, size + by));
    localStorage.setItem(KEPT, String(to));
    setSize(to);
  };
  const toggle = (picture: Picture) =>
    setChosen((before) => {
      const after = new Map(before);
      if (!after.delete(picture.node)) after.set(picture.node, picture);
      return after;
    });
  const trash = (pictures: Picture[]) => {
    setChosen(new Map());
    attempt(() => remove(pictures.flatMap(pathsOf)));
  };
  const take = (arriving: Parameters<typeof upload>[0]) => upload(arriving, path === "/" ? "/Pictures" : path, "pictures");

  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || document.querySelector("dialog[open]") || target.matches("input:not([type=checkbox])")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || alike) return;
    const onTile = target.matches(".picture");
    const current = now?.entries.at(cursor);
    if (event.key === "+" || event.key === "=") resize(1);
    else if (event.key === "-") resize(-1);
    else if (event.key === "u") input.current?.click();
    else if (event.key === "Escape" && chosen.size > 0) setChosen(new Map());
    else if (event.key === "Delete" && chosen.size > 0) trash([...chosen.values()]);
    else if (event.key === "Delete" && onTile && current) trash([current]);
    else if (event.key.startsWith("Arrow") && target === document.body) document.getElementById(`tile-${cursor}`)?.focus();
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

  return (
    <DropZone page="page wide" what={path === "/" ? "Pictures" : <Name of={nameOf(path)} />} take={take}>
      <header class="head">
        <div>
          <h1>{path === "/" ? "Pictures" : <Name of={nameOf(path)} />}</h1>
          <p class="sub">{now ? summary(now.days, total) : " "}</p>
        </div>
        <div class="head-tools">
          <div class="tabs" role="group" aria-label="View">
            <button aria-pressed={!alike} onClick={() => go("pictures", path)}>
              All
            </button>
            <button aria-pressed={alike} onClick={() => go("pictures", path, "duplicates")}>
              Duplicates
            </button>
          </div>
          <button class="button" aria-label={`${path === "/" ? "All folders" : visible(nameOf(path))}: choose a folder`} onClick={() => setChoosing(true)}>
            <Icon name="files" /> <span class="long">{path === "/" ? "All folders" : <Name of={nameOf(path)} />}</span>
          </button>
          {!alike && (
            <span class="sizes">
              <button class="round" aria-label="Smaller pictures" disabled={size === 0} onClick={() => resize(-1)}>
                <Icon name="zoomOut" />
              </button>
              <button class="round" aria-label="Larger pictures" disabled={size === SIZES.length - 1} onClick={() => resize(1)}>
                <Icon name="zoomIn" />
              </button>
            </span>
          )}
          <button class="button main" aria-label="Upload pictures" onClick={() => input.current?.click()}>
            <Icon name="upload" /> <span class="long">Upload</span>
          </button>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            aria-label="Pictures to upload"
            onChange={(event) => {
              take(ofInput(event.currentTarget));
              event.currentTarget.value = "";
            }}
          />
        </div>
      </header>

      <Previews unseen={now?.unseen ?? 0} />
      {chosen.size > 0 && (
        <div class="selection" role="toolbar" aria-label="Selected pictures">
          <strong>{count(chosen.size, "picture")} selected</strong>
          <button class="button" onClick={() => [...chosen.values()].forEach((one) => download({ path: one.path, kind: "file" }))}>
            <Icon name="download" /> Download
          </button>
          <button class="button danger" onClick={() => trash([...chosen.values()])}>
            <Icon name="trash" /> Trash
          </button>
          <button class="round" aria-label="Select nothing" onClick={() => setChosen(new Map())}>
            <Icon name="close" />
          </button>
        </div>
      )}

      {alike ? (
        <Duplicates path={path} version={version} trash={trash} />
      ) : loaded.error && !now ? (
        <Failed error={loaded.error} again={loaded.again} />
      ) : !now ? (
        <Waiting />
      ) : total === 0 ? (
        <Empty icon="pictures" title="No pictures here yet">
          <p>Drop pictures, folders or a whole export of another service here. Dates and places in them are kept, and everything is sealed on this device.</p>
          <button class="button main" onClick={() => input.current?.click()}>
            <Icon name="upload" /> Upload pictures
          </button>
        </Empty>
      ) : (
        <Wall
          days={now.days}
          size={SIZES[size] ?? 150}
          entries={now.entries}
          selected={chosen}
          cursor={Math.min(cursor, total - 1)}
          setCursor={setCursor}
          open={(index) => go("pictures", path, String(index))}
          toggle={toggle}
        />
      )}

      {now && opened >= 0 && (
        <Viewer
          entries={now.entries}
          total={total}
          index={opened}
          show={(index) => {
            setCursor(index);
            turn("pictures", path, String(index));
          }}
          close={() => {
            turn("pictures", path, "");
            setTimeout(() => document.getElementById(`tile-${opened}`)?.focus());
          }}
          trash={(picture) => trash([picture])}
        />
      )}
      {choosing && (
        <ChooseFolder
          title="Show the pictures of a folder"
          action="Show this one"
          start={path}
          without={[]}
          done={(folder) => {
            setChoosing(false);
            if (folder !== null) go("pictures", folder);
          }}
        />
      )}
    </DropZone>
  );
}

/** A live photo goes to the trash, and comes back, whole. */
export function pathsOf(picture: Picture): string[] {
  return picture.livePath === null ? [picture.path] : [picture.path, picture.livePath];
}

function summary(days: Day[], total: number): string {
  if (total === 0) return " ";
  const last = days[0]?.day.split("-")[0];
  const first = days.at(-1)?.day.split("-")[0];
  return `${count(total, "picture or film", "pictures and films")} · ${first === last ? last : `${first} – ${last}`}`;
}

/** Offers to make what is missing, and says how far that is. */
function Previews({ unseen }: { unseen: number }) {
  const now = making.use();
  if (now) {
    return (
      <div class="notice making" role="status">
        <span class="spinner" />
        <div>
          <strong>
            Making previews{now.total > 0 ? `, ${now.done.toLocaleString()} of ${now.total.toLocaleString()}` : ""}
          </strong>
          <Bar done={now.done} total={now.total} label="Making previews" />
        </div>
        <button class="button" onClick={stopPreviews}>
          Stop
        </button>
      </div>
    );
  }
  if (unseen === 0) return null;
  return (
    <div class="notice making">
      <Icon name="pictures" />
      <div>
        <strong>{count(unseen, "picture or film has", "pictures and films have")} not been looked at yet</strong>
        <p>They came as files. This device makes previews of them, and reads when and where they were taken, for all your devices.</p>
      </div>
      <button class="button main" onClick={() => void makePreviews()}>
        Make previews
      </button>
    </div>
  );
}
