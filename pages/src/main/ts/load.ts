// What a page needs from the agent: loaded when it is shown, and again when asked.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "./api";
import { asProblem } from "./ui";

export interface Loaded<T> {
  value: T | null;
  error: Problem | null;
  again: () => void;
}

/** Loads when `on` changes; what was there before is shown until the new one is. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, on: unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; error: Problem | null }>({ value: null, error: null });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const stop = new AbortController();
    latest.current(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setState({ value, error: null });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setState((before) => ({ value: before.value, error: asProblem(error) }));
      },
    );
    return () => stop.abort();
  }, [...on, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  return { ...state, again };
}
