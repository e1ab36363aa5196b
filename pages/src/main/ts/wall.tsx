// All pictures, by the days they were taken, of which only those in sight are in the page.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, call, type Picture } from "./api";
import { nameOf } from "./format";
import { Icon } from "./icons";
import { type Day, GAP, HEADING, lay, type Layout, type Section, topOf, vertical, wallMoment } from "./layout";
import { Scrubber } from "./scrubber";
import { fail, Name } from "./ui";

const BLOCK = 120;
const AHEAD = 500;

/** Entries of a timeline, fetched in blocks as they are asked for. */
export class Entries {
  private readonly blocks = new Map<number, Picture[]>();
  private readonly asked = new Set<number>();

  constructor(
    private readonly path: string,
    private readonly changed: () => void,
    before: Entries | null,
  ) {
    // What was known is shown until it is known again.
    if (before && before.path === path) this.blocks = new Map(before.blocks);
  }

  at(index: number): Picture | undefined {
    return this.blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  }

  need(from: number, to: number): void {
    for (let block = Math.floor(Math.max(0, from) / BLOCK); block * BLOCK < to; block++) {
      if (this.asked.has(block)) continue;
      this.asked.add(block);
      call<{ items: Picture[] }>("pictures-page", { path: this.path, from: block * BLOCK, limit: BLOCK }).then(
        ({ items }) => {
          this.blocks.set(block, items);
          this.changed();
        },
        (error: unknown) => {
          this.asked.delete(block);
          fail(error);
        },
      );
    }
  }

  /** Where a picture is now, among those that are known. */
  find(node: string): number {
    for (const [block, items] of this.blocks) {
      const at = items.findIndex((one) => one.node === node);
      if (at >= 0) return block * BLOCK + at;
    }
    return -1;
  }
}

interface WallProps {
  days: Day[];
  size: number;
  entries: Entries;
  selected: ReadonlyMap<string, Picture>;
  cursor: number;
  setCursor: (index: number) => void;
  open: (index: number) => void;
  toggle: (picture: Picture) => void;
}

export function Wall(props: WallProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const layout = useMemo(() => lay(props.days, width, props.size), [props.days, width, props.size]);
  const sight = useSight(box, layout);
  const grab = useRef(false);
  const shown = layout.sections.filter((section) => section.top + section.height > sight.from && section.top < sight.to);
  const first = shown[0];
  const last = shown.at(-1);
  useEffect(() => {
    if (first && last && width > 0) props.entries.need(rows(first, layout, sight).from, rows(last, layout, sight).to);
  });
  useLayoutEffect(() => {
    if (!grab.current) return;
    const tile = document.getElementById(`tile-${props.cursor}`);
    if (tile) {
      grab.current = false;
      tile.focus({ preventScroll: true });
    }
  });
  const move = (index: number) => {
    const to = Math.min(layout.total - 1, Math.max(0, index));
    grab.current = true;
    props.setCursor(to);
    bring(box.current, topOf(layout, to), layout.tile);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = props.cursor;
    const picture = props.entries.at(at);
    if (event.key === "ArrowRight") move(at + 1);
    else if (event.key === "ArrowLeft") move(at - 1);
    else if (event.key === "ArrowDown") move(vertical(layout, at, 1));
    else if (event.key === "ArrowUp") move(vertical(layout, at, -1));
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(layout.total - 1);
    else if (event.key === " " && picture) props.toggle(picture);
    else return;
    event.preventDefault();
  };
  return (
    <div class="wall-frame">
      <div class={`wall ${props.selected.size > 0 ? "choosing" : ""}`} ref={box} style={{ blockSize: `${layout.height}px` }} onKeyDown={press}>
        {width > 0 && shown.map((section) => <Part key={section.from} section={section} layout={layout} sight={sight} wall={props} />)}
      </div>
      <Scrubber layout={layout} box={box} />
    </div>
  );
}

/** Which pictures of a section are in sight. */
function rows(section: Section, layout: Layout, sight: { from: number; to: number }): { from: number; to: number } {
  const row = (y: number) => Math.floor((y - section.top - HEADING) / (layout.tile + GAP));
  const from = Math.max(0, row(sight.from)) * layout.columns;
  const to = Math.min(section.count, (row(sight.to) + 1) * layout.columns);
  return { from: section.from + Math.min(from, section.count), to: section.from + Math.max(0, to) };
}

function Part(props: { section: Section; layout: Layout; sight: { from: number; to: number }; wall: WallProps }) {
  const { section, layout, wall } = props;
  const { from, to } = rows(section, layout, props.sight);
  const tiles = [];
  for (let index = from; index < to; index++) {
    const place = index - section.from;
    const style = {
      insetInlineStart: `${(place % layout.columns) * (layout.tile + GAP)}px`,
      insetBlockStart: `${HEADING + Math.floor(place / layout.columns) * (layout.tile + GAP)}px`,
      inlineSize: `${layout.tile}px`,
      blockSize: `${layout.tile}px`,
    };
    const picture = wall.entries.at(index);
    tiles.push(
      <li key={picture?.node ?? index} class={`tile-at ${picture && wall.selected.has(picture.node) ? "selected" : ""}`} style={style}>
        {picture && (
          <>
            <button
              id={`tile-${index}`}
              class="picture"
              tabIndex={index === wall.cursor ? 0 : -1}
              aria-label={`${nameOf(picture.path)}, ${wallMoment(picture.shown)}${picture.film ? ", film" : ""}`}
              onFocus={() => wall.setCursor(index)}
              onContextMenu={(event) => {
                if (!matchMedia("(pointer: coarse)").matches) return;
                event.preventDefault();
                wall.toggle(picture);
              }}
              onClick={() => (wall.selected.size > 0 ? wall.toggle(picture) : wall.open(index))}
            >
              <Thumb picture={picture} />
            </button>
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={`Select ${nameOf(picture.path)}`}
              checked={wall.selected.has(picture.node)}
              onChange={() => wall.toggle(picture)}
            />
          </>
        )}
      </li>,
    );
  }
  return (
    <section class="wall-part" style={{ insetBlockStart: `${section.top}px`, blockSize: `${section.height}px` }} aria-label={section.title}>
      <h2 class="wall-day">
        {section.title}
        <small>{section.count > 1 ? section.count.toLocaleString() : ""}</small>
      </h2>
      <ul>{tiles}</ul>
    </section>
  );
}

/** A picture small, or what it is where it has no preview. */
export function Thumb({ picture }: { picture: Picture }) {
  const [state, setState] = useState<"" | "there" | "broken">("");
  return (
    <>
      {picture.preview && state !== "broken" ? (
        <img
          class={state}
          src={address("small", { node: picture.node })}
          alt=""
          decoding="async"
          draggable={false}
          onLoad={() => setState("there")}
          onError={() => setState("broken")}
        />
      ) : (
        <span class="no-thumb">
          <Icon name={picture.film ? "video" : "pictures"} size={26} />
          <span>
            <Name of={nameOf(picture.path)} />
          </span>
        </span>
      )}
      {(picture.film || picture.liveWith) && <span class="mark-film">{picture.film ? <Icon name="play" size={15} /> : "LIVE"}</span>}
    </>
  );
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    setWidth(element.clientWidth);
    return () => watch.disconnect();
  }, []);
  return width;
}

/** Which stretch of the wall is to be drawn: in steps, so that not every pixel of scrolling draws it again. */
function useSight(box: RefObject<HTMLElement | null>, layout: Layout): { from: number; to: number } {
  const [sight, setSight] = useState({ from: -AHEAD, to: innerHeight + AHEAD });
  const step = Math.max(60, layout.tile);
  const look = () => {
    const top = box.current?.getBoundingClientRect().top ?? 0;
    const from = Math.floor((-top - AHEAD) / step) * step;
    const to = Math.ceil((innerHeight - top + AHEAD) / step) * step;
    setSight((before) => (before.from === from && before.to === to ? before : { from, to }));
  };
  useLayoutEffect(look, [layout]);
  useEffect(() => {
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [layout]);
  return sight;
}

function bring(box: HTMLElement | null, top: number, height: number): void {
  const at = (box?.getBoundingClientRect().top ?? 0) + top;
  if (at < HEADING + 20) scrollBy({ top: at - HEADING - 20 });
  else if (at + height > innerHeight - 90) scrollBy({ top: at + height - innerHeight + 90 });
}

