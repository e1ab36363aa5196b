// Where one is, in the fragment of the address: `#/files/Pictures/2024`.

import { Store } from "./store";

export interface Route {
  page: string;
  path: string;
}

function read(): Route {
  const [page = "", ...names] = location.hash.replace(/^#\/?/, "").split("/");
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
  return { page: page || "files", path: "/" + path };
}

export const route = new Store<Route>(read());

addEventListener("hashchange", () => route.set(read()));

export function to(page: string, path = "/"): string {
  return `#/${page}${path === "/" ? "/" : path.split("/").map(encodeURIComponent).join("/")}`;
}

export function go(page: string, path = "/"): void {
  location.hash = to(page, path);
}

export function refreshRoute(): void {
  route.set(read());
}
