// Where one is, in the fragment of the address: `#/files/Pictures/2024`, and what is open there: `#/mail/Inbox?12`.

import { Store } from "./store";

export interface Route {
  page: string;
  path: string;
  item: string;
}

function read(): Route {
  // A question mark in a name is encoded, so the first one ends the names.
  const [place = "", item = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...names] = place.split("/");
  const path = names
    .filter((name) => name !== "")
    .map((name) => {
      try {
        return decodeURIComponent(name);
      } catch {
        return name;
      }
    })
    .join("/");
  return { page: page || "files", path: "/" + path, item };
}

export const route = new Store<Route>(read());

addEventListener("hashchange", () => route.set(read()));

export function to(page: string, path = "/", item = ""): string {
  return `#/${page}${path === "/" ? "/" : path.split("/").map(encodeURIComponent).join("/")}${item && "?" + item}`;
}

export function go(page: string, path = "/", item = ""): void {
  location.hash = to(page, path, item);
}

/** As `go`, but “back” does not lead to where one was. */
export function turn(page: string, path: string, item: string): void {
  location.replace(to(page, path, item));
}

export function refreshRoute(): void {
  route.set(read());
}
