import { useState } from "preact/hooks";
import { restore } from "./actions";
import { call, onPhone, type Trashed } from "./api";
import { ago, bytes, count, date, nameOf, parentOf, sortOf } from "./format";
import { Icon, SortIcon } from "./icons";
import { useLoad } from "./load";
import { status, vaultVersion } from "./state";
import { attempt, Dialog, Empty, Failed, Name, say, Waiting } from "./ui";

const SHOWN = 300;

export function TrashPage() {
  const version = vaultVersion(status.use());
  const loaded = useLoad(async (signal) => (await call<{ items: Trashed[] }>("trash", {}, { signal })).items, [version]);
  const [emptying, setEmptying] = useState(false);
  const items = loaded.value ?? [];
  return (
    <div class="page">
      <header class="head">
        <div>
          <h1>Trash</h1>
          <p class="sub">What is removed stays here for 30 days, on all devices.</p>
        </div>
        {items.length > 0 && !onPhone && (
          <div class="head-tools">
            <button class="button danger" onClick={() => setEmptying(true)}>
              <Icon name="trash" /> Empty trash
            </button>
          </div>
        )}
      </header>
      {loaded.error && !loaded.value ? (
        <Failed error={loaded.error} again={loaded.again} />
      ) : !loaded.value ? (
        <Waiting />
      ) : items.length === 0 ? (
        <Empty icon="trash" title="The trash is empty" />
      ) : (
        <ul class="cards-list">
          {items.slice(0, SHOWN).map((item) => (
            <li key={item.node} class="card-row">
              <SortIcon sort={sortOf(item)} />
              <div class="card-words">
                <strong>
                  <Name of={nameOf(item.path)} />
                </strong>
                <small>
                  from <Name of={parentOf(item.path) === "/" ? "Files" : parentOf(item.path)} /> · {ago(item.deleted)}
                  {item.kind === "file" ? ` · ${bytes(item.size)}` : ""} · goes on {date(item.expires)}
                </small>
              </div>
              <button class="button" onClick={() => attempt(() => restore(item))}>
                <Icon name="undo" size={18} /> Restore
              </button>
            </li>
          ))}
          {items.length > SHOWN && <li class="none">and {count(items.length - SHOWN, "older item")}</li>}
        </ul>
      )}
      {emptying && (
        <Dialog title="Empty the trash?" close={() => setEmptying(false)}>
          <p>
            {count(items.length, "item")} will be gone from all devices. <strong>There is no way back from this</strong>, which is why it asks.
          </p>
          <footer class="dialog-foot">
            <button class="button" onClick={() => setEmptying(false)}>
              Keep them
            </button>
            <button
              class="button danger"
              onClick={() => {
                setEmptying(false);
                attempt(async () => {
                  const { count: gone } = await call<{ count: number }>("empty-trash");
                  say(`${count(gone, "item")} gone.`);
                });
              }}
            >
              Empty it
            </button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}
