// The years beside the wall: a press jumps there, a drag goes through all.

import type { RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Layout, monthTitle, sectionAt } from "./layout";

const APART = 24;

export function Scrubber({ layout, box }: { layout: Layout; box: RefObject<HTMLElement | null> }) {
  const track = useRef<HTMLElement>(null);
  const [at, setAt] = useState(0);
  const [dragged, setDragged] = useState(false);
  const length = innerHeight - 190;
  const years = useMemo(() => marks(layout, length), [layout, length]);
  useEffect(() => {
    const look = () => {
      const top = box.current?.getBoundingClientRect().top ?? 0;
      setAt(Math.min(1, Math.max(0, -top / Math.max(1, layout.height - innerHeight))));
    };
    look();
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, [layout]);
  if (layout.height < innerHeight * 2 || years.length === 0) return null;
  const here = sectionAt(layout, (section) => section.top <= at * Math.max(1, layout.height - innerHeight) + 60);
  const jump = (share: number) => {
    const top = (box.current?.getBoundingClientRect().top ?? 0) + scrollY;
    scrollTo({ top: top + share * (layout.height - innerHeight) });
  };
  const drag = (event: PointerEvent) => {
    const rect = track.current?.getBoundingClientRect();
    if (rect) jump(Math.min(1, Math.max(0, (event.clientY - rect.top) / rect.height)));
  };
  return (
    <nav
      class={`scrubber ${dragged ? "dragged" : ""}`}
      aria-label="Years"
      ref={track}
      style={{ blockSize: `${length}px` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(true);
        const mark = years.find((one) => one.year === (event.target as HTMLElement).textContent);
        if (mark) jump(mark.share);
        else drag(event);
      }}
      onPointerMove={(event) => dragged && drag(event)}
      onPointerUp={() => setDragged(false)}
      onPointerCancel={() => setDragged(false)}
    >
      {years.map((mark) => (
        <button
          key={mark.year}
          style={{ insetBlockStart: `${mark.y}px` }}
          aria-current={here?.month.startsWith(mark.year) ? "true" : undefined}
          onClick={(event) => event.detail === 0 && jump(mark.share)}
        >
          {mark.year}
        </button>
      ))}
      <span class="scrub-at" style={{ insetBlockStart: `${at * length}px` }} aria-hidden="true">
        <span>{here && monthTitle(here.month)}</span>
      </span>
    </nav>
  );
}

/** Where each year begins, as far as there is room to say it. */
function marks(layout: Layout, length: number): { year: string; share: number; y: number }[] {
  const found: { year: string; share: number; y: number }[] = [];
  let year = "";
  for (const section of layout.sections) {
    const of = section.month.split("-")[0] ?? "";
    if (of === year) continue;
    year = of;
    const share = Math.min(1, section.top / Math.max(1, layout.height - innerHeight));
    const y = share * length;
    if (y - (found.at(-1)?.y ?? -APART) >= APART) found.push({ year, share, y });
  }
  return found;
}
