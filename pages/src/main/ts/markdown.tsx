// Markdown as a reader expects it: headings, lists, code, quotes, tables, links, emphasis. It becomes elements, never HTML that a
// browser would parse, so nothing in a file can run. Pictures are shown as their words: nothing is fetched from anywhere.

import type { ComponentChildren } from "preact";

export function Markdown({ text }: { text: string }) {
  return <article class="markdown">{blocks(text.replaceAll("\r\n", "\n").split("\n"))}</article>;
}

const FENCE = /^(```|~~~)/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

function blocks(lines: string[]): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let at = 0;
  const line = () => lines[at] ?? "";
  while (at < lines.length) {
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line());
    if (line().trim() === "") {
      at++;
    } else if (heading) {
      const Tag = `h${Math.min(6, (heading[1] ?? "").length + 2)}` as "h3";
      out.push(<Tag>{inline(heading[2] ?? "")}</Tag>);
      at++;
    } else if (FENCE.test(line())) {
      const end = lines.findIndex((other, index) => index > at && FENCE.test(other));
      const last = end < 0 ? lines.length : end;
      out.push(<pre>{lines.slice(at + 1, last).join("\n")}</pre>);
      at = last + 1;
    } else if (/^ {0,3}([-*_])(\s*\1){2,}\s*$/.test(line())) {
      out.push(<hr />);
      at++;
    } else if (/^\s*>/.test(line())) {
      const quoted: string[] = [];
      while (/^\s*>/.test(line())) quoted.push(lines[at++]?.replace(/^\s*>\s?/, "") ?? "");
      out.push(<blockquote>{blocks(quoted)}</blockquote>);
    } else if (ITEM.test(line())) {
      at = items(lines, at, out);
    } else if (line().includes("|") && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(lines[at + 1] ?? "")) {
      at = table(lines, at, out);
    } else {
      const words: string[] = [];
      while (at < lines.length && line().trim() !== "" && !(words.length > 0 && startsBlock(line()))) words.push(lines[at++] ?? "");
      out.push(<p dir="auto">{inline(words.join("\n"))}</p>);
    }
  }
  return out;
}

function startsBlock(line: string): boolean {
  return /^#{1,6}\s/.test(line) || FENCE.test(line) || /^\s*>/.test(line) || ITEM.test(line);
}

function items(lines: string[], from: number, out: ComponentChildren[]): number {
  const first = ITEM.exec(lines[from] ?? "");
  const indent = first?.[1]?.length ?? 0;
  const ordered = /\d/.test(first?.[2] ?? "");
  const found: string[][] = [];
  let at = from;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const item = ITEM.exec(line);
    if (item && (item[1]?.length ?? 0) <= indent) {
      if ((item[1]?.length ?? 0) < indent) break;
      found.push([item[3] ?? ""]);
    } else if (line.trim() === "" && !/^\s{2,}/.test(lines[at + 1] ?? "") && !ITEM.test(lines[at + 1] ?? "")) {
      break;
    } else if (item || /^\s{2,}/.test(line) || line.trim() === "") {
      found.at(-1)?.push(line.slice(Math.min(indent + 2, line.length - line.trimStart().length)));
    } else {
      found.at(-1)?.push(line);
    }
    at++;
  }
  const children = found.map((item) => <li dir="auto">{item.length === 1 ? task(item[0] ?? "") : blocks(item)}</li>);
  out.push(ordered ? <ol>{children}</ol> : <ul>{children}</ul>);
  return at;
}

function task(text: string): ComponentChildren {
  const box = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (!box) return inline(text);
  return (
    <>
      <span aria-label={box[1] === " " ? "open" : "done"}>{box[1] === " " ? "☐" : "☑"}</span> {inline(box[2] ?? "")}
    </>
  );
}

function table(lines: string[], from: number, out: ComponentChildren[]): number {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => inline(cell.trim()));
  let at = from + 2;
  const rows: ComponentChildren[][] = [];
  while ((lines[at] ?? "").includes("|")) rows.push(cells(lines[at++] ?? ""));
  out.push(
    <table>
      <thead>
        <tr>
          {cells(lines[from] ?? "").map((cell) => (
            <th>{cell}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {row.map((cell) => (
              <td>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>,
  );
  return at;
}

const INLINE = /`([^`]+)`|!\[([^\]]*)\]\([^)\s]*[^)]*\)|\[([^\]]+)\]\(([^)\s]+)[^)]*\)|<(https?:\/\/[^>\s]+)>|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\b_([^_]+)_\b|~~([^~]+)~~/g;

function inline(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) out.push(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [, code, picture, label, target, bare, strong, strong2, soft, soft2, gone] = match;
    if (code !== undefined) out.push(<code>{code}</code>);
    else if (picture !== undefined) out.push(<em class="picture">[{picture || "picture"}]</em>);
    else if (label !== undefined) out.push(link(target ?? "", inline(label)));
    else if (bare !== undefined) out.push(link(bare, bare));
    else if (gone !== undefined) out.push(<s>{inline(gone)}</s>);
    else if (strong ?? strong2) out.push(<strong>{inline(strong ?? strong2 ?? "")}</strong>);
    else out.push(<em>{inline(soft ?? soft2 ?? "")}</em>);
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

/** Only addresses of the web and of mail lead anywhere, and only when a person follows them. */
function link(target: string, label: ComponentChildren): ComponentChildren {
  return /^(https?|mailto):/i.test(target) ? (
    <a href={target} target="_blank" rel="noopener noreferrer">
      {label}
    </a>
  ) : (
    <span class="dead-link">{label}</span>
  );
}
