// What one message says, and what is attached to it.

import { useEffect, useRef, useState } from "preact/hooks";
import { download, remove, save } from "./actions";
import { address, call, type Letter, type Message, type Part } from "./api";
import { bytes, count, sortOf, type Sort } from "./format";
import { Icon, SortIcon } from "./icons";
import { useLoad } from "./load";
import { Shown } from "./preview";
import { Store } from "./store";
import { attempt, Dialog, Failed, Menu, Name, Waiting } from "./ui";

const KEPT = "coffer-plain";
const LINE = 23;

const plain = new Store(localStorage.getItem(KEPT) === "yes");

function prefer(text: boolean): void {
  localStorage.setItem(KEPT, text ? "yes" : "no");
  plain.set(text);
}

export function MessageView({ letter }: { letter: Letter }) {
  const loaded = useLoad((signal) => call<Message>("mail-view", { node: letter.node }, { signal }), [letter.node]);
  const asText = plain.use();
  const [headers, setHeaders] = useState(false);
  const [shown, setShown] = useState<Part | null>(null);
  const message = loaded.value;
  if (loaded.error) return <Failed error={loaded.error} again={loaded.again} />;
  if (!message) return <Waiting />;
  const html = message.html && !asText;
  const attached = message.parts.filter((part) => part.attached || (!html && part.type.startsWith("image/")));
  return (
    <div class="message-body">
      <div class="message-tools">
        {message.html && (
          <div class="tabs" role="group" aria-label="How it is shown">
            <button aria-pressed={html} onClick={() => prefer(false)}>
              Formatted
            </button>
            <button aria-pressed={!html} onClick={() => prefer(true)}>
              Plain text
            </button>
          </div>
        )}
        <Menu
          label="More about this message"
          choices={[
            { label: "All headers", icon: "text", act: () => setHeaders(true) },
            { label: "Save as .eml", icon: "download", act: () => download({ path: letter.path, kind: "file" }) },
            { label: "To the trash", icon: "trash", danger: true, act: () => attempt(() => remove([letter.path])) },
          ]}
        />
      </div>
      {html && message.blocked > 0 && (
        <p class="blocked">
          <Icon name="shield" size={18} />
          <span>
            {count(message.blocked, "thing")} from elsewhere {message.blocked === 1 ? "was" : "were"} not loaded, so nobody learns that you read this.
          </span>
        </p>
      )}
      {!message.whole && (
        <p class="blocked">
          <Icon name="warn" size={18} />
          <span>This message is damaged, or more than can be shown. It is shown as far as it goes, and kept as it came.</span>
        </p>
      )}
      {html ? (
        <iframe
          class="paper-frame"
          title="The message"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          src={address("message", { node: letter.node })}
          style={{ blockSize: `${Math.max(120, 60 + message.lines * LINE)}px` }}
        />
      ) : message.text.trim() ? (
        <Words text={message.text} />
      ) : (
        <p class="none">There is no text in this message.</p>
      )}
      {attached.length > 0 && (
        <ul class="attachments" aria-label="Attachments">
          {attached.map((part) => (
            <li key={part.index}>
              <button class="attachment" onClick={() => setShown(part)}>
                <SortIcon sort={sortOfPart(part)} />
                <span>
                  <strong>
                    <Name of={nameOfPart(part)} />
                  </strong>
                  <small>{bytes(part.size)}</small>
                </span>
              </button>
              <button class="round" aria-label={`Save ${nameOfPart(part)}`} onClick={() => save(partAddress(letter, part, true))}>
                <Icon name="download" size={18} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {headers && (
        <Dialog title="All headers" wide close={() => setHeaders(false)}>
          <dl class="headers" tabIndex={0}>
            {message.headers.map((field, index) => (
              <div key={index}>
                <dt>
                  <Name of={field.name} />
                </dt>
                <dd>
                  <Name of={field.value} />
                </dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
      {shown && <Attachment letter={letter} part={shown} close={() => setShown(null)} />}
    </div>
  );
}

function partAddress(letter: Letter, part: Part, saved: boolean): string {
  return address("part", { node: letter.node, part: part.index, ...(saved ? { download: 1 } : {}) });
}

function nameOfPart(part: Part): string {
  return part.name || (part.type.startsWith("text/html") ? "Page" : `Part ${part.index + 1}`);
}

function sortOfPart(part: Part): Sort {
  const named = sortOf({ path: "/" + part.name.replaceAll("/", "_"), kind: "file" });
  if (named !== "other") return named;
  return /^image\/(png|jpeg|gif|webp)$/.test(part.type) ? "picture" : part.type === "text/plain" ? "text" : "other";
}

function Attachment({ letter, part, close }: { letter: Letter; part: Part; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const get = () => save(partAddress(letter, part, true));
  return (
    <dialog class="preview" aria-label={`Attachment ${nameOfPart(part)}`} ref={dialog} onClose={close}>
      <header>
        <SortIcon sort={sortOfPart(part)} />
        <div class="preview-title">
          <h2>
            <Name of={nameOfPart(part)} />
          </h2>
          <small>{bytes(part.size)}</small>
        </div>
        <button class="round" aria-label="Download" onClick={get}>
          <Icon name="download" />
        </button>
        <button class="round" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="preview-body">
        <div class="preview-content">
          <Shown name={nameOfPart(part)} sort={sortOfPart(part)} source={partAddress(letter, part, false)} save={get} />
        </div>
      </div>
    </dialog>
  );
}

const LINK = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;

/** Plain text: what it quotes stands back, and addresses can be followed. */
function Words({ text }: { text: string }) {
  const blocks: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.replace(/\s+$/, "").split(/\r?\n/)) {
    const quoted = line.startsWith(">");
    const open = blocks.at(-1);
    if (open && open.quoted === quoted) open.lines.push(line);
    else blocks.push({ quoted, lines: [line] });
  }
  return (
    <div class="words">
      {blocks.map((block, index) => (
        <p key={index} dir="auto" class={block.quoted ? "quoted" : ""}>
          {block.lines
            .join("\n")
            .split(LINK)
            .map((piece, place) =>
              place % 2 === 1 ? (
                <a key={place} href={piece} target="_blank" rel="noopener noreferrer nofollow">
                  {piece}
                </a>
              ) : (
                piece
              ),
            )}
        </p>
      ))}
    </div>
  );
}
