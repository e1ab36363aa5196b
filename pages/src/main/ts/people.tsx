// Senders and recipients as mail names them.

import { visible } from "./format";

export interface Person {
  name: string;
  address: string;
}

/** `"The Office" <office@x.org>`, `office@x.org (The Office)`, or whatever else is there. */
export function person(text: string): Person {
  const angled = /^\s*"?(.*?)"?\s*<([^<>]*)>\s*$/.exec(text);
  if (angled) {
    const address = (angled[2] ?? "").trim();
    return { name: (angled[1] ?? "").replaceAll('\\"', '"').trim() || address, address };
  }
  const commented = /^\s*(\S+@\S+)\s+\((.*)\)\s*$/.exec(text);
  if (commented) return { name: (commented[2] ?? "").trim(), address: commented[1] ?? "" };
  return { name: text.trim() || "Unknown sender", address: text.includes("@") ? text.trim() : "" };
}

const COLOURS = 6;

/** A sender's first letter, in a colour that stays theirs. */
export function Avatar({ of }: { of: string }) {
  const { name, address } = person(of);
  let sum = 0;
  for (const character of address.toLowerCase() || name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  const letter = /[\p{L}\p{N}]/u.exec(visible(name))?.[0] ?? "?";
  return (
    <span class={`avatar tone-${sum % COLOURS}`} aria-hidden="true">
      {letter.toLocaleUpperCase()}
    </span>
  );
}
