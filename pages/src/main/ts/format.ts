// Numbers, times and names as people read them.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

export function bytes(count: number): string {
  let unit = 0;
  let value = count;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return count === 1 ? "1 byte" : `${value.toLocaleString(undefined, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

export function count(number: number, one: string, many = one + "s"): string {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** How long ago, or the date where that is long. */
export function ago(time: string): string {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  const past = Math.abs(seconds);
  if (past < 45) return "just now";
  if (past < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (past < 86400) return relative.format(Math.round(seconds / 3600), "hour");
  if (past < 7 * 86400) return relative.format(Math.round(seconds / 86400), "day");
  return date(time);
}

export function date(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { year: "numeric", month: "short", day: "numeric" });
}

export function moment(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

export function nameOf(path: string): string {
  return path === "/" ? "Files" : path.slice(path.lastIndexOf("/") + 1);
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function join(folder: string, name: string): string {
  return folder === "/" ? "/" + name : `${folder}/${name}`;
}

export type Sort = "picture" | "video" | "audio" | "pdf" | "markdown" | "text" | "folder" | "archive" | "link" | "other";

const ENDS: Record<string, Sort> = {};
const NAMES: [Sort, string][] = [
  ["picture", "png jpg jpeg gif webp avif bmp ico svg"],
  ["video", "mp4 m4v mov webm ogv"],
  ["audio", "mp3 m4a aac ogg oga opus flac wav"],
  ["pdf", "pdf"],
  ["markdown", "md markdown"],
  ["archive", "zip gz tgz xz bz2 zst 7z tar rar"],
  [
    "text",
    "txt log csv tsv json yaml yml toml ini conf xml html htm css js mjs ts tsx jsx java kt c h cc cpp hpp rs go py rb sh bash sql tex srt vtt eml properties gradle diff patch",
  ],
];
for (const [sort, ends] of NAMES) for (const end of ends.split(" ")) ENDS[end] = sort;

export function sortOf(node: { path: string; kind: string }): Sort {
  if (node.kind === "folder") return "folder";
  if (node.kind === "symlink") return "link";
  const name = nameOf(node.path);
  const dot = name.lastIndexOf(".");
  return (dot < 0 ? undefined : ENDS[name.slice(dot + 1).toLowerCase()]) ?? "other";
}

const PICTURES = new Set("jpg jpeg jpe jfif png gif webp tif tiff bmp heic heif avif dng cr2 cr3 nef arw orf rw2 raf pef srw".split(" "));

/** `48.5000° N, 11.2500° E` */
export function place(latitude: string, longitude: string): string {
  const one = (value: string, plus: string, minus: string) => `${Math.abs(Number(value)).toFixed(4)}° ${Number(value) < 0 ? minus : plus}`;
  return `${one(latitude, "N", "S")}, ${one(longitude, "E", "W")}`;
}

/** What the agent makes previews of, or tries to. */
export function isPicture(path: string): boolean {
  return PICTURES.has(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}

/**
 * Characters that act on what stands around them are shown as what they are: a name that turns its end around, or hides a
 * letter, shall not look like another one.
 */
export function visible(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : "\u2e28" + code.toString(16).padStart(4, "0") + "\u2e29";
  });
}
