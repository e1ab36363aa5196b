// Small parts that every page uses.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, type Trouble } from "./api";
import { visible } from "./format";
import { Icon, type IconName } from "./icons";
import { Store } from "./store";

/** A name of the person's, which may run in another direction or hold anything. */
export function Name({ of }: { of: string }) {
  return <bdi dir="auto">{visible(of)}</bdi>;
}

// --- what has just happened, with a way back ---

interface Toast {
  id: number;
  text: ComponentChildren;
  undo?: (() => Promise<unknown>) | undefined;
  bad: boolean;
}

const toasts = new Store<Toast[]>([]);
let nextToast = 1;

function show(toast: Omit<Toast, "id">, ms: number): void {
  const id = nextToast++;
  toasts.update((all) => [...all.slice(-2), { ...toast, id }]);
  setTimeout(() => dismiss(id), ms);
}

function dismiss(id: number): void {
  toasts.update((all) => all.filter((toast) => toast.id !== id));
}

export function say(text: ComponentChildren, undo?: () => Promise<unknown>): void {
  show({ text, undo, bad: false }, undo ? 12_000 : 5_000);
}

/** Says what failed and what to do; an operation that was called off is no failure. */
export function fail(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  if (error instanceof Problem) {
    if (error.code !== "SESSION") show({ text: `${error.message} ${error.advice}`, bad: true }, 15_000);
    return;
  }
  show({ text: "Something is wrong in this page. Load it again.", bad: true }, 15_000);
  console.error(error);
}

/** Does something and says so if it fails. */
export function attempt(work: () => Promise<unknown>): void {
  work().catch(fail);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.use().map((toast) => (
        <div class={`toast ${toast.bad ? "bad" : ""}`} key={toast.id}>
          <span class="toast-text">{toast.text}</span>
          {toast.undo && (
            <button
              class="toast-undo"
              onClick={() => {
                dismiss(toast.id);
                const undo = toast.undo;
                if (undo) attempt(undo);
              }}
            >
              Undo
            </button>
          )}
          <button class="toast-close" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}

// --- dialogs ---

export function Dialog(props: { title: string; wide?: boolean; close: () => void; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog
      ref={ref}
      class={props.wide ? "wide" : ""}
      aria-label={props.title}
      onClose={props.close}
      onClick={(event) => {
        if (event.target === ref.current) props.close();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2>{props.title}</h2>
          <button class="round" aria-label="Close" onClick={props.close}>
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

/** Asks for one name. */
export function AskName(props: { title: string; label: string; value: string; action: string; done: (name: string | null) => void }) {
  const [name, setName] = useState(props.value);
  const wrong = name.includes("/") || name === "." || name === "..";
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const dot = props.value.lastIndexOf(".");
    input.current?.focus();
    input.current?.setSelectionRange(0, dot > 0 ? dot : props.value.length);
  }, []);
  return (
    <Dialog title={props.title} close={() => props.done(null)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong && name.trim()) props.done(name);
        }}
      >
        <label class="field">
          <span>{props.label}</span>
          <input
            ref={input}
            dir="auto"
            value={name}
            autocomplete="off"
            spellcheck={false}
            aria-invalid={wrong}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        {wrong && <p class="wrong">A name cannot hold “/”, and cannot be “.” or “..”.</p>}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={() => props.done(null)}>
            Cancel
          </button>
          <button class="button main" disabled={wrong || !name.trim()}>
            {props.action}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

// --- a menu that a button opens ---

export interface Choice {
  label: string;
  icon: IconName;
  act: () => void;
  danger?: boolean;
}

export function Menu({ label, choices }: { label: string; choices: Choice[] }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const below = innerHeight - (box.current?.getBoundingClientRect().bottom ?? 0);
  const up = below < choices.length * 40 + 30;
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as globalThis.Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  const step = (by: number) => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + by + items.length) % items.length]?.focus();
  };
  return (
    <div
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (!open) return;
        if (event.key === "Escape" || event.key === "Tab") {
          setOpen(false);
          box.current?.querySelector<HTMLElement>("button")?.focus();
        } else if (event.key === "ArrowDown") step(1);
        else if (event.key === "ArrowUp") step(-1);
        else return;
        event.stopPropagation();
        event.preventDefault();
      }}
    >
      <button
        class="round"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={(event) => {
          event.stopPropagation();
          setOpen(!open);
        }}
      >
        <Icon name="more" />
      </button>
      {open && (
        <div class={`menu-list ${up ? "up" : ""}`} role="menu" aria-label={label}>
          {choices.map((choice) => (
            <button
              key={choice.label}
              role="menuitem"
              tabIndex={-1}
              class={choice.danger ? "danger" : ""}
              onClick={(event) => {
                event.stopPropagation();
                setOpen(false);
                choice.act();
              }}
            >
              <Icon name={choice.icon} size={18} />
              {choice.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

export function Bar({ done, total, label }: { done: number; total: number; label: string }) {
  const known = total > 0;
  const value = known ? Math.min(1, done / total) : 0;
  return (
    <div
      class={`bar ${known ? "" : "unknown"}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known ? { "aria-valuenow": Math.round(value * 100) } : {})}
    >
      <div style={{ inlineSize: known ? `${value * 100}%` : "30%" }} />
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} size={30} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Waiting({ text = "Loading…" }: { text?: string }) {
  return (
    <p class="waiting" role="status">
      <span class="spinner" />
      {text}
    </p>
  );
}

/** What cannot be shown, with what to do. */
export function Failed({ error, again }: { error: Problem; again?: () => void }) {
  return (
    <div class="notice bad" role="alert">
      <Icon name="warn" />
      <div>
        <strong>{error.message}</strong>
        <p>{error.advice}</p>
        {again && (
          <button class="button" onClick={again}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

export function Troubles({ all }: { all: Trouble[] }) {
  return (
    <ul class="troubles">
      {all.map((trouble, index) => (
        <li class="notice bad" key={index}>
          <Icon name="warn" />
          <div>
            <strong>
              <Name of={trouble.where} />: {trouble.message}
            </strong>
            {trouble.advice && <p>{trouble.advice}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem("BUG", "Something is wrong in this page.", "Load it again.");
}
