// Looking closer: by keys, wheel, double click, and two fingers; and moving about what has become larger than the screen.

import { useEffect, useRef, useState } from "preact/hooks";

const MOST = 12;
const SWIPE = 60;

interface View {
  scale: number;
  x: number;
  y: number;
}

const WHOLE: View = { scale: 1, x: 0, y: 0 };

/** @param of begins anew when it becomes another */
export function useZoom(of: string) {
  const [view, setView] = useState(WHOLE);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const began = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    setView(WHOLE);
    fingers.current.clear();
  }, [of]);

  // What is under `at`, seen from the middle, stays there.
  const by = (factor: number, at = { x: 0, y: 0 }) =>
    setView((before) => {
      const scale = Math.min(MOST, Math.max(1, before.scale * factor));
      const grown = scale / before.scale;
      return scale === 1 ? WHOLE : { scale, x: at.x - (at.x - before.x) * grown, y: at.y - (at.y - before.y) * grown };
    });
  const middle = (event: MouseEvent & { currentTarget: EventTarget }) => {
    const rect = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - rect.left - rect.width / 2, y: event.clientY - rect.top - rect.height / 2 };
  };
  const handlers = (step: (by: number) => void) => ({
    onWheel: (event: WheelEvent & { currentTarget: EventTarget }) => {
      event.preventDefault();
      by(Math.exp(-event.deltaY / 300), middle(event));
    },
    onDblClick: (event: MouseEvent & { currentTarget: EventTarget }) => (view.scale > 1 ? setView(WHOLE) : by(2.5, middle(event))),
    onPointerDown: (event: PointerEvent) => {
      if ((event.target as HTMLElement).matches("video, button")) return;
      fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      began.current = fingers.current.size === 1 ? { x: event.clientX, y: event.clientY } : null;
    },
    onPointerMove: (event: PointerEvent & { currentTarget: EventTarget }) => {
      const before = fingers.current.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      fingers.current.set(event.pointerId, now);
      const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const apart = (one: { x: number; y: number }) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
        by(apart(now) / apart(before), middle(event));
      } else if (view.scale > 1) {
        setView((was) => ({ ...was, x: was.x + now.x - before.x, y: was.y + now.y - before.y }));
      }
    },
    onPointerUp: (event: PointerEvent) => {
      fingers.current.delete(event.pointerId);
      const from = began.current;
      began.current = null;
      if (from && view.scale === 1 && event.pointerType === "touch" && Math.abs(event.clientX - from.x) > SWIPE) {
        step(event.clientX < from.x ? 1 : -1);
      }
    },
    onPointerCancel: (event: PointerEvent) => fingers.current.delete(event.pointerId),
  });
  return {
    scale: view.scale,
    transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
    by,
    reset: () => setView(WHOLE),
    handlers,
  };
}
