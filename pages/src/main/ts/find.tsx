import { useEffect, useRef, useState } from "preact/hooks";
import { call, type Node } from "./api";
import { ago, bytes, count, nameOf, parentOf, sortOf } from "./format";
import { Icon, SortIcon } from "./icons";
import { useLoad } from "./load";
import { Preview } from "./preview";
import { go } from "./router";
import { status, vaultVersion } from "./state";
import { Empty, Failed, Name } from "./ui";

const MAX = 200;

export function FindPage() {
  const [words, setWords] = useState("");
  const [shown, setShown] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const version = vaultVersion(status.use());
  const loaded = useLoad(
    async (signal) =>
      words.trim() === ""
        ? { words, nodes: [] }
        : { words, nodes: (await call<{ items: Node[] }>("search", { words, max: MAX }, { signal })).items },
    [words, version],
  );
  useEffect(() => input.current?.focus(), []);
  const nodes = loaded.value?.nodes ?? [];
  const open = (node: Node) => (node.kind === "folder" ? go("files", node.path) : setShown(node.path));
  return (
    <div class="page">
      <header class="head">
        <div>
          <h1>Find</h1>
          <p class="sub">Names of everything this device knows. Nobody else is asked.</p>
        </div>
      </header>
      <div class="search">
        <Icon name="find" />
        <input
          ref={input}
          type="search"
          dir="auto"
          placeholder="Part of a name"
          aria-label="Find names"
          value={words}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              event.preventDefault();
              document.querySelector<HTMLElement>(".found button")?.focus();
            }
          }}
        />
      </div>
      <p class="sub" role="status">
        {words.trim() && loaded.value ? (nodes.length === MAX ? `The first ${MAX} of more` : count(nodes.length, "name")) : " "}
      </p>
      {loaded.error && <Failed error={loaded.error} again={loaded.again} />}
      {words.trim() && loaded.value?.words === words && nodes.length === 0 && (
        <Empty icon="find" title="Nothing has that name">
          <p>What was removed is in the trash for 30 days.</p>
        </Empty>
      )}
      {!words.trim() && <Empty icon="find" title="Begin to type" />}
      <ul
        class="cards-list found"
        onKeyDown={(event) => {
          const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
          const at = buttons.indexOf(document.activeElement as HTMLElement);
          if (event.key === "ArrowDown") buttons[at + 1]?.focus();
          else if (event.key === "ArrowUp") (at === 0 ? input.current : buttons[at - 1])?.focus();
          else return;
          event.preventDefault();
        }}
      >
        {nodes.map((node) => (
          <li key={node.node}>
            <button class="card-row" onClick={() => open(node)}>
              <SortIcon sort={sortOf(node)} />
              <span class="card-words">
                <strong>
                  <Name of={nameOf(node.path)} />
                </strong>
                <small>
                  in <Name of={parentOf(node.path) === "/" ? "Files" : parentOf(node.path)} /> · {ago(node.modified)}
                  {node.kind === "file" ? ` · ${bytes(node.size)}` : ""}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown !== null && (
        <Preview nodes={nodes.filter((node) => node.kind !== "folder")} path={shown} show={setShown} close={() => setShown(null)} />
      )}
    </div>
  );
}
