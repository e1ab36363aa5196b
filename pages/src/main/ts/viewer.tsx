// One picture on the whole screen, with all others one key away.

import { useEffect, useRef, useState } from "preact/hooks";
import { download } from "./actions";
import { address, type Picture } from "./api";
import { bytes, nameOf, parentOf, place, sortOf } from "./format";
import { Icon } from "./icons";
import { wallMoment } from "./layout";
import { to } from "./router";
import { Name, Toasts } from "./ui";
import { useZoom } from "./zoom";

interface Source {
  at: (index: number) => Picture | undefined;
  need: (from: number, to: number) => void;
}

export function Viewer(props: {
  entries: Source;
  total: number;
  index: number;
  show: (index: number) => void;
  close: () => void;
  trash: (picture: Picture) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [facts, setFacts] = useState(false);
  const [playing, setPlaying] = useState(false);
  const { index } = props;
  const picture = props.entries.at(index);
  const zoom = useZoom(picture?.node ?? "");
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useEffect(() => {
    props.entries.need(index - 3, Math.min(props.total, index + 4));
  });
  useEffect(() => setPlaying(false), [picture?.node]);
  const step = (by: number) => {
    const next = index + by;
    if (next >= 0 && next < props.total) props.show(next);
  };
  const remove = () => {
    if (!picture) return;
    props.trash(picture);
    if (index === props.total - 1) step(-1);
    if (props.total === 1) props.close();
  };
  const save = () => picture && download({ path: picture.path, kind: "file" });
  const press = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).matches("video") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "+" || event.key === "=") zoom.by(1.5);
    else if (event.key === "-") zoom.by(1 / 1.5);
    else if (event.key === "0") zoom.reset();
    else if (event.key === "i") setFacts(!facts);
    else if (event.key === "d") save();
    else if (event.key === "l" && picture?.livePath) setPlaying(!playing);
    else if (event.key === "Delete") remove();
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="viewer" aria-label={picture ? nameOf(picture.path) : "Picture"} onClose={props.close} onKeyDown={press}>
      <header>
        <button class="round" aria-label="Close" onClick={props.close}>
          <Icon name="close" />
        </button>
        <div class="viewer-title">
          {picture && (
            <>
              <h2>
                <Name of={nameOf(picture.path)} />
              </h2>
              <small>{wallMoment(picture.shown)}</small>
            </>
          )}
        </div>
        {picture?.livePath && (
          <button class="button" aria-pressed={playing} onClick={() => setPlaying(!playing)}>
            <Icon name="play" size={16} /> Live
          </button>
        )}
        <span class="sizes">
          <button class="round" aria-label="Smaller" disabled={zoom.scale <= 1} onClick={() => zoom.by(1 / 1.5)}>
            <Icon name="zoomOut" />
          </button>
          <button class="round" aria-label="Larger" onClick={() => zoom.by(1.5)}>
            <Icon name="zoomIn" />
          </button>
        </span>
        <button class="round" aria-label="Details" aria-pressed={facts} onClick={() => setFacts(!facts)}>
          <Icon name="info" />
        </button>
        <button class="round" aria-label="Download" onClick={save}>
          <Icon name="download" />
        </button>
        <button class="round" aria-label="Move to the trash" onClick={remove}>
          <Icon name="trash" />
        </button>
      </header>
      <div class="viewer-body">
        <div class={`stage ${zoom.scale > 1 ? "zoomed" : ""}`} {...zoom.handlers(step)}>
          {[index - 1, index, index + 1].map((at) => {
            const one = props.entries.at(at);
            return one && <Slide key={one.node} picture={one} on={at === index} transform={zoom.transform} close={zoom.scale > 1.3} />;
          })}
          {playing && picture?.livePath && (
            <video class="on" src={address("content", { path: picture.livePath })} autoplay controls aria-label="Live photo" onEnded={() => setPlaying(false)} />
          )}
          {!picture && <span class="spinner" />}
        </div>
        {facts && picture && <Facts picture={picture} />}
        <button class="round turn back" aria-label="Previous picture" disabled={index <= 0} onClick={() => step(-1)}>
          <Icon name="back" size={26} />
        </button>
        <button class="round turn next" aria-label="Next picture" disabled={index >= props.total - 1} onClick={() => step(1)}>
          <Icon name="next" size={26} />
        </button>
      </div>
      <Toasts />
    </dialog>
  );
}

/** Neighbours are in the page too, unseen, so that they are there at once. */
function Slide({ picture, on, transform, close }: { picture: Picture; on: boolean; transform: string; close: boolean }) {
  const [broken, setBroken] = useState(false);
  const [sharp, setSharp] = useState(false);
  const name = nameOf(picture.path);
  const original = address("content", { path: picture.path });
  const decodes = sortOf({ path: picture.path, kind: "file" });
  if (picture.film && !broken) {
    return on ? <video class="on" src={original} controls preload="metadata" aria-label={name} onError={() => setBroken(true)} /> : null;
  }
  if (broken || (!picture.preview && decodes !== "picture")) {
    return on ? (
      <div class="on viewer-none">
        <Icon name={picture.film ? "video" : "pictures"} size={44} />
        <p>{picture.film ? "This browser cannot play this film." : "There is no preview of this kind of picture yet."}</p>
        <button class="button main" onClick={() => download({ path: picture.path, kind: "file" })}>
          <Icon name="download" />
          <span>
            Download <Name of={name} />
          </span>
        </button>
      </div>
    ) : null;
  }
  const style = { transform: on ? transform : "none" };
  return (
    <>
      <img
        class={on ? "on" : ""}
        style={style}
        src={picture.preview ? address("large", { node: picture.node }) : original}
        alt={on ? name : ""}
        draggable={false}
        onError={() => setBroken(true)}
      />
      {on && close && picture.preview && decodes === "picture" && (
        <img class={`on ${sharp ? "" : "coming"}`} style={style} src={original} alt="" draggable={false} onLoad={() => setSharp(true)} />
      )}
    </>
  );
}

function Facts({ picture }: { picture: Picture }) {
  const mega = (picture.width * picture.height) / 1e6;
  const all: [string, preact.ComponentChildren][] = [
    ["Name", <Name of={nameOf(picture.path)} />],
    [
      "Folder",
      <a href={to("files", parentOf(picture.path))}>
        <Name of={parentOf(picture.path) === "/" ? "Files" : parentOf(picture.path)} />
      </a>,
    ],
    ["Taken", wallMoment(picture.shown)],
  ];
  if (picture.camera) all.push(["Camera", <Name of={picture.camera} />]);
  if (picture.width > 0) all.push(["Size", `${picture.width} × ${picture.height}${mega >= 1 ? ` · ${mega.toFixed(1)} megapixels` : ""}`]);
  all.push(["File", bytes(picture.size)]);
  if (picture.livePath) all.push(["Live photo", <Name of={nameOf(picture.livePath)} />]);
  if (picture.latitude !== null && picture.longitude !== null) {
    all.push(["Place", place(picture.latitude, picture.longitude)]);
  }
  return (
    <aside class="facts-panel" aria-label="Details">
      <h3>Details</h3>
      <dl>
        {all.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {picture.latitude !== null && <p class="fine">The place is in the picture itself. No map is shown, because whoever sends maps would learn it.</p>}
    </aside>
  );
}
