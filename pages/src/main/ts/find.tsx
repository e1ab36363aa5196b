import { useEffect, useRef, useState } from "preact/hooks";
import { call, type Letter, type Node } from "./api";
import { ago, bytes, count, nameOf, parentOf, sortOf } from "./format";
import { Icon, SortIcon } from "./icons";
import { useLoad } from "./load";
import { Avatar, person } from "./people";
import { Preview } from "./preview";
import { go } from "./router";
import { status, vaultVersion } from "./state";
import { Empty, Failed, Name } from "./ui";

const MAX = 200;

async function found<T>(operation: string, words: string, signal: AbortSignal): Promise<T[]> {
  return words.trim() === "" ? [] : (await call<{ items: T[] }>(operation, { words, max: MAX }, { signal })).items;
}

function summary(names: number, letters: number): string {
  const one = (number: number, what: string) => (number === MAX ? `the first ${MAX} ${what}s of more` : count(number, what));
  return letters > 0 ? `${one(names, "name")}, ${one(letters, "message")}` : one(names, "name");
}

export function FindPage() {
  const [words, setWords] = useState("");
  const [shown, setShown] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const version = vaultVersion(status.use());
  const loaded = useLoad(async (signal) => ({ words, nodes: await found<Node>("search", words, signal) }), [words, version]);
  const mail = useLoad(async (signal) => ({ words, letters: await found<Letter>("mail-search", words, signal) }), [words, version]);
  useEffect(() => input.current?.focus(), []);
  const nodes = loaded.value?.nodes ?? [];
  const letters = mail.value?.letters ?? [];
  const known = loaded.value?.words === words && mail.value?.words === words;
  const open = (node: Node) => (node.kind === "folder" ? go("files", node.path) : setShown(node.path));
  return (
    <div class="page">
      <header class="head">
        <div>
          <h1>Find</h1>
          <p class="sub">Names of files, and senders and subjects of mail, as this device knows them. Nobody else is asked.</p>
        </div>
      </header>
      <div class="search">
        <Icon name="find" />
        <input
          ref={input}
          type="search"
          dir="auto"
          placeholder="Part of a name, a sender or a subject"
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
        {words.trim() && loaded.value ? summary(nodes.length, letters.length) : " "}
      </p>
      {loaded.error && <Failed error={loaded.error} again={loaded.again} />}
      {words.trim() && known && nodes.length + letters.length === 0 && (
        <Empty icon="find" title="Nothing has that name">
          <p>What was removed is in the trash for 30 days.</p>
        </Empty>
      )}
      {!words.trim() && <Empty icon="find" title="Begin to type" />}
      <div
        onKeyDown={(event) => {
          const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
          const at = buttons.indexOf(document.activeElement as HTMLElement);
          if (event.key === "ArrowDown") buttons[at + 1]?.focus();
          else if (event.key === "ArrowUp") (at === 0 ? input.current : buttons[at - 1])?.focus();
          else return;
          event.preventDefault();
        }}
      >
        <ul class="cards-list found">
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
        {letters.length > 0 && (
          <section>
            <h2>Mail</h2>
            <ul class="cards-list found">
              {letters.map((letter) => (
                <li key={letter.node}>
                  <button class="card-row" onClick={() => go("mail", parentOf(letter.path), String(letter.thread))}>
                    <Avatar of={letter.sender} />
                    <span class="card-words">
                      <strong>{letter.subject ? <Name of={letter.subject} /> : "No subject"}</strong>
                      <small>
                        <Name of={person(letter.sender).name} /> · {letter.date ? ago(letter.date) : "no date"} · in{" "}
                        <Name of={nameOf(parentOf(letter.path))} />
                      </small>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      {shown !== null && (
        <Preview nodes={nodes.filter((node) => node.kind !== "folder")} path={shown} show={setShown} close={() => setShown(null)} />
      )}
    </div>
  );
}
