// A list of which only what is in sight is in the page.

import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

const MORE = 8;

/** Which rows of a list in a scrolling page are to be drawn. */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, rowHeight: number): { first: number; last: number } {
  const [range, setRange] = useState({ first: 0, last: Math.min(count, 60) });
  const look = () => {
    const element = box.current;
    if (!element) return;
    const top = element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / rowHeight) - MORE);
    const last = Math.min(count, Math.ceil((innerHeight - top) / rowHeight) + MORE);
    setRange((before) => (before.first === first && before.last === last ? before : { first, last: Math.max(first, last) }));
  };
  useLayoutEffect(look, [count, rowHeight]);
  useEffect(() => {
    let asked = 0;
    const soon = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(look);
    };
    addEventListener("scroll", soon, { passive: true, capture: true });
    addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener("scroll", soon, { capture: true });
      removeEventListener("resize", soon);
    };
  }, [count, rowHeight]);
  return { first: Math.min(range.first, count), last: Math.min(range.last, count) };
}

/** Brings a row that may not be drawn into sight. */
export function showRow(box: HTMLElement | null, index: number, rowHeight: number, margin = 150): void {
  if (!box) return;
  const top = box.getBoundingClientRect().top + index * rowHeight;
  if (top < margin) scrollBy({ top: top - margin });
  else if (top + rowHeight > innerHeight - 90) scrollBy({ top: top + rowHeight - innerHeight + 90 });
}

export function Rows(props: {
  box: RefObject<HTMLDivElement | null>;
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
}) {
  const { first, last } = useWindow(props.box, props.count, props.rowHeight);
  const rows: ComponentChildren[] = [];
  for (let index = first; index < last; index++) rows.push(props.row(index));
  return (
    <div class="rows" role="presentation" ref={props.box} style={{ blockSize: `${props.count * props.rowHeight}px` }}>
      <div class="rows-in" role="presentation" style={{ transform: `translateY(${first * props.rowHeight}px)` }}>
        {rows}
      </div>
    </div>
  );
}
