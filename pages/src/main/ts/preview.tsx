// One file, as large as the window, with its versions beside it.

import { useEffect, useRef, useState } from "preact/hooks";
import { download, restoreVersion } from "./actions";
import { address, call, type Node, problemOf, type Version } from "./api";
import { ago, bytes, moment, nameOf, type Sort, sortOf } from "./format";
import { Icon, SortIcon } from "./icons";
import { useLoad } from "./load";
import { Markdown } from "./markdown";
import { attempt, Failed, Name, Waiting } from "./ui";

const TEXT_MAX = 256 * 1024;

export function Preview(props: { nodes: Node[]; path: string; show: (path: string) => void; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [versions, setVersions] = useState(false);
  const [version, setVersion] = useState<number | null>(null);
  const at = props.nodes.findIndex((node) => node.path === props.path);
  const node = props.nodes[at];
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useEffect(() => setVersion(null), [props.path]);
  useEffect(() => {
    if (!node) props.close();
  }, [node === undefined]);
  if (!node) return null;
  const step = (by: number) => {
    const next = props.nodes[at + by];
    if (next) props.show(next.path);
  };
  return (
    <dialog
      ref={dialog}
      class="preview"
      aria-label={`Preview of ${nameOf(node.path)}`}
      onClose={props.close}
      onKeyDown={(event) => {
        if ((event.target as HTMLElement).matches("video, audio, iframe")) return;
        if (event.key === "ArrowLeft") step(-1);
        else if (event.key === "ArrowRight") step(1);
        else return;
        event.preventDefault();
      }}
    >
      <header>
        <SortIcon sort={sortOf(node)} />
        <div class="preview-title">
          <h2>
            <Name of={nameOf(node.path)} />
          </h2>
          <small>
            {node.kind === "file" ? bytes(node.size) : "link"} · {ago(node.modified)} · <Name of={node.device} />
          </small>
        </div>
        <button class="round" aria-label="Previous file" disabled={at <= 0} onClick={() => step(-1)}>
          <Icon name="back" />
        </button>
        <button class="round" aria-label="Next file" disabled={at >= props.nodes.length - 1} onClick={() => step(1)}>
          <Icon name="next" />
        </button>
        <button class="round" aria-label="Versions" aria-pressed={versions} onClick={() => setVersions(!versions)}>
          <Icon name="history" />
        </button>
        <button class="round" aria-label="Download" onClick={() => download(node, version ?? undefined)}>
          <Icon name="download" />
        </button>
        <button class="round" aria-label="Close" onClick={props.close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="preview-body">
        <div class="preview-content">
          <Content key={`${node.node}-${version ?? node.version}`} node={node} version={version} />
        </div>
        {versions && <Versions node={node} version={version} show={setVersion} />}
      </div>
    </dialog>
  );
}

function Content({ node, version }: { node: Node; version: number | null }) {
  return (
    <Shown
      name={nameOf(node.path)}
      sort={sortOf(node)}
      source={address("content", { path: node.path, version: version ?? node.version })}
      save={node.kind === "file" ? () => download(node, version ?? undefined) : null}
    />
  );
}

/** Some content as what it is, or the way to have it where that cannot be shown. */
export function Shown({ name, sort, source, save }: { name: string; sort: Sort; source: string; save: (() => void) | null }) {
  const [broken, setBroken] = useState(false);
  if (broken || sort === "other" || sort === "archive" || sort === "link") {
    return (
      <div class="preview-none">
        <SortIcon sort={sort} />
        <p>There is no preview of this kind of file.</p>
        {save && (
          <button class="button main" onClick={save}>
            <Icon name="download" /> Download
          </button>
        )}
      </div>
    );
  }
  switch (sort) {
    case "picture":
      return <img src={source} alt={name} onError={() => setBroken(true)} />;
    case "video":
      return <video src={source} controls preload="metadata" aria-label={name} onError={() => setBroken(true)} />;
    case "audio":
      return <audio src={source} controls preload="metadata" aria-label={name} onError={() => setBroken(true)} />;
    case "pdf":
      return <iframe src={source} title={name} />;
    default:
      return <Text source={source} markdown={sort === "markdown"} />;
  }
}

function Text({ source, markdown }: { source: string; markdown: boolean }) {
  const loaded = useLoad(
    async (signal) => {
      const answer = await fetch(source, { signal, headers: { Range: `bytes=0-${TEXT_MAX - 1}` } });
      if (answer.status === 416) return { text: "", more: false };
      if (!answer.ok) throw await problemOf(answer);
      const total = Number(answer.headers.get("Content-Range")?.split("/")[1] ?? 0);
      return { text: new TextDecoder().decode(await answer.arrayBuffer()), more: total > TEXT_MAX };
    },
    [source],
  );
  if (loaded.error) return <Failed error={loaded.error} again={loaded.again} />;
  if (!loaded.value) return <Waiting />;
  const { text, more } = loaded.value;
  return (
    <div class="paper" tabIndex={0}>
      {text === "" ? <p class="none">This file is empty.</p> : markdown ? <Markdown text={text} /> : <pre dir="auto">{text}</pre>}
      {more && <p class="none">This is its beginning. Download it to see all.</p>}
    </div>
  );
}

function Versions(props: { node: Node; version: number | null; show: (version: number | null) => void }) {
  const { node } = props;
  const loaded = useLoad(
    async (signal) => (await call<{ items: Version[] }>("history", { path: node.path }, { signal })).items,
    [node.path, node.version],
  );
  const shown = props.version ?? node.version;
  return (
    <aside class="versions" aria-label="Versions">
      <h3>Versions</h3>
      {loaded.error && <Failed error={loaded.error} again={loaded.again} />}
      <ol>
        {(loaded.value ?? []).map((version) => (
          <li key={version.version} class={version.version === shown ? "on" : ""}>
            <button
              aria-pressed={version.version === shown}
              onClick={() => props.show(version.version === node.version ? null : version.version)}
            >
              <strong>{moment(version.time)}</strong>
              <small>
                {bytes(version.size)} · <Name of={version.device} />
                {version.current ? " · current" : ""}
              </small>
            </button>
            {!version.current && (
              <button class="round" aria-label="Make this the current version" onClick={() => attempt(() => restoreVersion(node.path, version.version))}>
                <Icon name="undo" size={18} />
              </button>
            )}
          </li>
        ))}
      </ol>
    </aside>
  );
}
