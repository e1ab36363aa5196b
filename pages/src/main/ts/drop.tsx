// A page on which files and folders can be dropped.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "./icons";
import { attempt } from "./ui";
import { type Arriving, ofDrop } from "./uploads";

export function DropZone(props: {
  what: ComponentChildren;
  take: (arriving: Arriving) => void;
  page?: string;
  children: ComponentChildren;
}) {
  const [over, setOver] = useState(0);
  const brings = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  return (
    <div
      class={props.page ?? "page"}
      onDragEnter={(event) => {
        if (brings(event)) setOver((n) => n + 1);
      }}
      onDragLeave={(event) => {
        if (brings(event)) setOver((n) => Math.max(0, n - 1));
      }}
      onDragOver={(event) => {
        if (brings(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        setOver(0);
        const transfer = event.dataTransfer;
        if (!transfer || !brings(event)) return;
        event.preventDefault();
        attempt(async () => props.take(await ofDrop(transfer)));
      }}
    >
      {props.children}
      {over > 0 && (
        <div class="drop" aria-hidden="true">
          <Icon name="upload" size={36} />
          <strong>
            Drop to keep in {props.what}
          </strong>
        </div>
      )}
    </div>
  );
}
