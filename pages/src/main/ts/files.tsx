import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { download, makeFolder, moveInto, remove, rename } from "./actions";
import { call, type Node } from "./api";
import { ago, bytes, count, join, moment, nameOf, parentOf, sortOf } from "./format";
import { Icon, SortIcon } from "./icons";
import { useLoad } from "./load";
import { ChooseFolder } from "./chooser";
import { Preview } from "./preview";
import { go, to } from "./router";
import { status, vaultVersion } from "./state";
import { AskName, attempt, type Choice, Empty, Failed, Menu, Name, Waiting } from "./ui";
import { DropZone } from "./drop";
import { ofInput, upload } from "./uploads";
import { Rows, showRow } from "./virtual";

type Column = "name" | "size" | "modified";

const ROW = 56;

const names = new Intl.Collator(undefined, { numeric: true });

const COMPARE: Record<Column, (a: Node, b: Node) => number> = {
  name: (a, b) => names.compare(a.path, b.path),
  size: (a, b) => a.size - b.size,
  modified: (a, b) => Date.parse(a.modified) - Date.parse(b.modified),
};

export async function list(path: string, signal?: AbortSignal): Promise<Node[]> {
  const nodes: Node[] = [];
  await call<object, Node>("list", { path }, { signal, items: (items) => nodes.push(...items) });
  return nodes;
}

export function FilesPage({ path }: { path: string }) {
  const version = vaultVersion(status.use());
  const loaded = useLoad(async (signal) => ({ path, nodes: await list(path, signal) }), [path, version]);
  const [order, setOrder] = useState<{ by: Column; up: boolean }>({ by: "name", up: true });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);
  const [asking, setAsking] = useState<"folder" | "rename" | "move" | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<string | null>(null); // the row that takes the focus as soon as it is drawn

  const fresh = loaded.value?.path === path ? loaded.value.nodes : null;
  const nodes = useMemo(() => {
    const compare = COMPARE[order.by];
    return (fresh ?? []).toSorted((a, b) => {
      const folders = Number(b.kind === "folder") - Number(a.kind === "folder");
      return folders || (order.up ? compare(a, b) : compare(b, a)) || names.compare(a.path, b.path);
    });
  }, [fresh, order]);

  useEffect(() => {
    setSelected(new Set());
    setCursor(null);
    setShown(null);
    scrollTo(0, 0);
  }, [path]);

  const at = Math.max(
    0,
    nodes.findIndex((node) => node.path === cursor),
  );
  const current = nodes[at];
  const chosen = nodes.filter((node) => selected.has(node.path));
  const meant = chosen.length > 0 ? chosen : current ? [current] : [];

  const open = (node: Node) => (node.kind === "folder" ? go("files", node.path) : setShown(node.path));
  const toggle = (node: Node) =>
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(node.path)) after.add(node.path);
      return after;
    });
  const moveTo = (index: number) => {
    const node = nodes[Math.min(nodes.length - 1, Math.max(0, index))];
    if (!node) return;
    setCursor(node.path);
    wanted.current = node.path;
    showRow(box.current, nodes.indexOf(node), ROW);
    document.getElementById(rowId(node))?.focus({ preventScroll: true });
  };
  const trash = (which: Node[]) => {
    setSelected(new Set());
    attempt(() => remove(which.map((node) => node.path)));
  };

  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || document.querySelector("dialog[open]") || target.matches("input:not([type=checkbox]), textarea")) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const inRow = target.getAttribute("role") === "row";
    const key = event.key;
    if (key === "a" && (event.ctrlKey || event.metaKey)) setSelected(new Set(nodes.map((node) => node.path)));
    else if (!plain) return;
    else if (key === "ArrowDown") moveTo(cursor === null ? 0 : at + 1);
    else if (key === "ArrowUp") moveTo(at - 1);
    else if (key === "Home" && inRow) moveTo(0);
    else if (key === "End" && inRow) moveTo(nodes.length - 1);
    else if (key === "Enter" && inRow && current) open(current);
    else if (key === " " && inRow && current) toggle(current);
    else if (key === "Backspace" && path !== "/") go("files", parentOf(path));
    else if (key === "F2" && current && cursor !== null) setAsking("rename");
    else if (key === "Delete" && meant.length > 0 && (cursor !== null || chosen.length > 0)) trash(meant);
    else if (key === "Escape") setSelected(new Set());
    else if (key === "n") setAsking("folder");
    else if (key === "u") fileInput.current?.click();
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

  const take = (event: Event & { currentTarget: HTMLInputElement }) => {
    const input = event.currentTarget;
    upload(ofInput(input), path);
    input.value = "";
  };
  const choices = (node: Node): Choice[] => [
    ...(node.kind === "file" ? [{ label: "Open", icon: "eye" as const, act: () => setShown(node.path) }] : []),
    { label: node.kind === "folder" ? "Download as zip" : "Download", icon: "download", act: () => download(node) },
    {
      label: "Rename",
      icon: "rename",
      act: () => {
        setCursor(node.path);
        setSelected(new Set());
        setAsking("rename");
      },
    },
    {
      label: "Move…",
      icon: "move",
      act: () => {
        setCursor(node.path);
        setSelected(new Set());
        setAsking("move");
      },
    },
    { label: "Where it lies", icon: "where", act: () => go("where", node.path) },
    { label: "To the trash", icon: "trash", danger: true, act: () => trash([node]) },
  ];

  return (
    <DropZone what={<Name of={nameOf(path)} />} take={(arriving) => upload(arriving, path)}>
      <header class="head">
        <div>
          <Crumbs path={path} />
          <p class="sub">{fresh ? summary(nodes) : " "}</p>
        </div>
        <div class="head-tools">
          <button class="button" aria-label="New folder" onClick={() => setAsking("folder")}>
            <Icon name="newFolder" /> <span class="long">New folder</span>
          </button>
          <button class="button long" onClick={() => folderInput.current?.click()}>
            <Icon name="files" /> Upload folder
          </button>
          <button class="button main" onClick={() => fileInput.current?.click()}>
            <Icon name="upload" /> Upload
          </button>
          <input ref={fileInput} type="file" multiple hidden onChange={take} aria-label="Files to upload" />
          <input
            ref={(element) => {
              folderInput.current = element;
              if (element) element.webkitdirectory = true;
            }}
            type="file"
            hidden
            onChange={take}
            aria-label="Folder to upload"
          />
        </div>
      </header>

      {chosen.length > 0 && (
        <div class="selection" role="toolbar" aria-label="Selected items">
          <strong>{count(chosen.length, "item")} selected</strong>
          <button class="button" onClick={() => setAsking("move")}>
            <Icon name="move" /> Move
          </button>
          <button class="button" onClick={() => chosen.forEach((node) => download(node))}>
            <Icon name="download" /> Download
          </button>
          <button class="button danger" onClick={() => trash(chosen)}>
            <Icon name="trash" /> Trash
          </button>
          <button class="round" aria-label="Select nothing" onClick={() => setSelected(new Set())}>
            <Icon name="close" />
          </button>
        </div>
      )}

      {loaded.error && !fresh ? (
        <Failed error={loaded.error} again={loaded.again} />
      ) : !fresh ? (
        <Waiting />
      ) : nodes.length === 0 ? (
        <Empty icon="upload" title={path === "/" ? "Nothing here yet" : "This folder is empty"}>
          <p>Drop files or folders here, or choose them. They are sealed on this device before anything leaves it.</p>
          <button class="button main" onClick={() => fileInput.current?.click()}>
            <Icon name="upload" /> Upload files
          </button>
        </Empty>
      ) : (
        <div class="list" role="grid" aria-label={`Content of ${nameOf(path)}`} aria-rowcount={nodes.length + 1} aria-multiselectable="true">
          <div class="list-head" role="row" aria-rowindex={1}>
            <span role="columnheader" class="c-check">
              <input
                type="checkbox"
                aria-label="Select all"
                checked={chosen.length === nodes.length}
                onChange={() => setSelected(chosen.length === nodes.length ? new Set() : new Set(nodes.map((node) => node.path)))}
              />
            </span>
            <Heading by="name" label="Name" order={order} set={setOrder} />
            <Heading by="size" label="Size" order={order} set={setOrder} />
            <Heading by="modified" label="Changed" order={order} set={setOrder} />
            <span role="columnheader" class="c-more">
              <span class="hidden">Actions</span>
            </span>
          </div>
          <Rows
            box={box}
            count={nodes.length}
            rowHeight={ROW}
            row={(index) => {
              const node = nodes[index];
              return (
                node && (
                  <Row
                    key={node.node}
                    node={node}
                    index={index}
                    focusable={index === at}
                    grab={wanted}
                    selected={selected.has(node.path)}
                    open={() => open(node)}
                    toggle={() => toggle(node)}
                    focus={() => setCursor(node.path)}
                    choices={() => choices(node)}
                  />
                )
              );
            }}
          />
        </div>
      )}

      {asking === "folder" && (
        <AskName
          title="New folder"
          label="Name"
          value=""
          action="Make"
          done={(name) => {
            setAsking(null);
            if (name) attempt(() => makeFolder(join(path, name)));
          }}
        />
      )}
      {asking === "rename" && current && (
        <AskName
          title="Rename"
          label="New name"
          value={nameOf(current.path)}
          action="Rename"
          done={(name) => {
            setAsking(null);
            if (name && name !== nameOf(current.path)) attempt(async () => setCursor(await rename(current, name)));
          }}
        />
      )}
      {asking === "move" && (
        <ChooseFolder
          title={`Move ${count(meant.length, "item")}`}
          action="Move here"
          start={path}
          without={meant.map((node) => node.path)}
          done={(folder) => {
            setAsking(null);
            setSelected(new Set());
            if (folder !== null && folder !== path) attempt(() => moveInto(meant, folder));
          }}
        />
      )}
      {shown !== null && (
        <Preview
          nodes={nodes.filter((node) => node.kind !== "folder")}
          path={shown}
          show={setShown}
          close={() => {
            setShown(null);
            const index = nodes.findIndex((node) => node.path === shown);
            if (index >= 0) moveTo(index);
          }}
        />
      )}
    </DropZone>
  );
}

function rowId(node: Node): string {
  return "row-" + node.node;
}

function summary(nodes: Node[]): string {
  const folders = nodes.filter((node) => node.kind === "folder").length;
  const size = nodes.reduce((sum, node) => sum + node.size, 0);
  const parts = [];
  if (folders > 0) parts.push(count(folders, "folder"));
  if (nodes.length > folders) parts.push(`${count(nodes.length - folders, "file")}, ${bytes(size)}`);
  return parts.join(" · ") || "Empty";
}

function Crumbs({ path }: { path: string }) {
  const names = path.split("/").filter(Boolean);
  return (
    <nav aria-label="Folders above">
      <ol class="crumbs">
        {["", ...names].map((name, index) => {
          const target = "/" + names.slice(0, index).join("/");
          const last = index === names.length;
          const label = index === 0 ? "Files" : <Name of={name} />;
          return (
            <li key={target}>
              {last ? <h1>{label}</h1> : <a href={to("files", target)}>{label}</a>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Heading(props: {
  by: Column;
  label: string;
  order: { by: Column; up: boolean };
  set: (order: { by: Column; up: boolean }) => void;
}) {
  const on = props.order.by === props.by;
  return (
    <span role="columnheader" class={`c-${props.by}`} aria-sort={on ? (props.order.up ? "ascending" : "descending") : "none"}>
      <button class={`heading ${on ? "on" : ""}`} onClick={() => props.set({ by: props.by, up: on ? !props.order.up : true })}>
        {props.label}
        <span class={`arrow ${props.order.up ? "" : "down"}`} aria-hidden="true">
          {on ? "↑" : ""}
        </span>
      </button>
    </span>
  );
}

function Row(props: {
  node: Node;
  index: number;
  focusable: boolean;
  grab: { current: string | null };
  selected: boolean;
  open: () => void;
  toggle: () => void;
  focus: () => void;
  choices: () => Choice[];
}) {
  const { node } = props;
  const name = nameOf(node.path);
  const row = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (props.grab.current === node.path) {
      row.current?.focus({ preventScroll: true });
      props.grab.current = null;
    }
  });
  return (
    <div
      ref={row}
      class={`row ${props.selected ? "selected" : ""}`}
      id={rowId(node)}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      tabIndex={props.focusable ? 0 : -1}
      onFocus={props.focus}
      onClick={props.open}
    >
      <span role="gridcell" class="c-check" onClick={(event) => event.stopPropagation()}>
        <input type="checkbox" tabIndex={-1} checked={props.selected} aria-label={`Select ${name}`} onChange={props.toggle} />
      </span>
      <span role="gridcell" class="c-name">
        <SortIcon sort={sortOf(node)} />
        <span class="row-name" title={name}>
          <Name of={name} />
        </span>
      </span>
      <span role="gridcell" class="c-size">
        {node.kind === "file" ? bytes(node.size) : node.kind === "symlink" ? "link" : ""}
      </span>
      <span role="gridcell" class="c-modified" title={`${moment(node.modified)}, from ${node.device}`}>
        {ago(node.modified)}
      </span>
      <span role="gridcell" class="c-more">
        <Menu label={`Actions for ${name}`} choices={props.choices()} />
      </span>
    </div>
  );
}
