// Chooses a folder of the vault.

import { useState } from "preact/hooks";
import { list } from "./files";
import { nameOf, parentOf } from "./format";
import { Icon } from "./icons";
import { useLoad } from "./load";
import { Dialog, Failed, Name, Waiting } from "./ui";

export function ChooseFolder(props: {
  title: string;
  action: string;
  start: string;
  without: string[];
  done: (folder: string | null) => void;
}) {
  const [path, setPath] = useState(props.start);
  const loaded = useLoad(async (signal) => (await list(path, signal)).filter((node) => node.kind === "folder"), [path]);
  const folders = (loaded.value ?? []).filter((folder) => !props.without.includes(folder.path));
  return (
    <Dialog title={props.title} close={() => props.done(null)}>
      <div class="chooser">
        <div class="chooser-at">
          {path !== "/" && (
            <button class="round" aria-label="To the folder above" onClick={() => setPath(parentOf(path))}>
              <Icon name="back" />
            </button>
          )}
          <strong>
            <Name of={nameOf(path)} />
          </strong>
        </div>
        {loaded.error ? (
          <Failed error={loaded.error} again={loaded.again} />
        ) : loaded.value === null ? (
          <Waiting />
        ) : (
          <ul>
            {folders.map((folder) => (
              <li key={folder.path}>
                <button onClick={() => setPath(folder.path)}>
                  <Icon name="files" />
                  <Name of={nameOf(folder.path)} />
                </button>
              </li>
            ))}
            {folders.length === 0 && <li class="none">No folders in here</li>}
          </ul>
        )}
      </div>
      <footer class="dialog-foot">
        <button class="button" onClick={() => props.done(null)}>
          Cancel
        </button>
        <button class="button main" onClick={() => props.done(path)}>
          {props.action}
        </button>
      </footer>
    </Dialog>
  );
}
