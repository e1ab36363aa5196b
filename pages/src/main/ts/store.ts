// State that several parts of the page look at.

import { useEffect, useState } from "preact/hooks";

export class Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(value: T): void {
    if (value === this.value) return;
    this.value = value;
    for (const listener of this.listeners) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value));
  }

  /** In a component: the value, now and whenever it changes. */
  use(): T {
    const [, again] = useState(0);
    useEffect(() => {
      const listener = () => again((n) => n + 1);
      this.listeners.add(listener);
      listener();
      return () => {
        this.listeners.delete(listener);
      };
    }, []);
    return this.value;
  }
}
