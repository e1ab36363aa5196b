// The messages of a conversation, oldest first; the last one is open.

import { useState } from "preact/hooks";
import { call, type Letter } from "./api";
import { count, moment } from "./format";
import { Icon } from "./icons";
import { useLoad } from "./load";
import { MessageView } from "./message";
import { Avatar, person } from "./people";
import { Failed, Name, Waiting } from "./ui";

export function Conversation(props: { thread: number; version: number; back: () => void; trash: () => void }) {
  const loaded = useLoad(
    async (signal) => (await call<{ items: Letter[] }>("mail-thread", { thread: props.thread }, { signal })).items,
    [props.thread, props.version],
  );
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const letters = loaded.value ?? [];
  const last = letters.at(-1);
  const subject = letters.find((one) => one.subject)?.subject ?? "";
  const turn = (node: string) =>
    setTurned((before) => {
      const after = new Set(before);
      if (!after.delete(node)) after.add(node);
      return after;
    });
  return (
    <>
      <header class="reading-head">
        <button class="round back-to-list" aria-label="Back to the list" onClick={props.back}>
          <Icon name="back" />
        </button>
        <div>
          <h2>{subject ? <Name of={subject} /> : last ? "No subject" : " "}</h2>
          {letters.length > 1 && <p class="sub">{count(letters.length, "message")}</p>}
        </div>
        <button class="round" aria-label="Move the conversation to the trash" disabled={!last} onClick={props.trash}>
          <Icon name="trash" />
        </button>
      </header>
      {loaded.error && !loaded.value && <Failed error={loaded.error} again={loaded.again} />}
      {!loaded.value && !loaded.error && <Waiting />}
      {loaded.value && letters.length === 0 && <p class="none">This conversation is not here any more. It may be in the trash.</p>}
      <div class="messages">
        {letters.map((letter) => {
          const open = (letter === last) !== turned.has(letter.node);
          return (
            <article class={`message ${open ? "open" : ""}`} key={letter.node} aria-label={`Message from ${person(letter.sender).name}`}>
              <button class="message-head" aria-expanded={open} onClick={() => turn(letter.node)}>
                <Avatar of={letter.sender} />
                <span class="message-who">
                  <strong>
                    <Name of={person(letter.sender).name} />
                  </strong>
                  {open ? (
                    <small>
                      {person(letter.sender).address && <Name of={person(letter.sender).address} />}
                      {letter.to && (
                        <>
                          {" to "}
                          <Name of={letter.to} />
                        </>
                      )}
                    </small>
                  ) : (
                    <small>{letter.subject ? <Name of={letter.subject} /> : "No subject"}</small>
                  )}
                </span>
                <small class="message-when">{letter.date ? moment(letter.date) : "No date"}</small>
              </button>
              {open && <MessageView letter={letter} />}
            </article>
          );
        })}
      </div>
    </>
  );
}
