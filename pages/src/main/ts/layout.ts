// Where the pictures of a timeline stand: known for all of them from how many there are of each day.

export interface Day {
  day: string;
  count: number;
}

/** Some days together, so that a day with one picture does not take a row of its own. */
export interface Section {
  title: string;
  month: string;
  from: number;
  count: number;
  top: number;
  height: number;
}

export interface Layout {
  columns: number;
  tile: number;
  height: number;
  total: number;
  sections: Section[];
}

export const GAP = 4;
export const HEADING = 50;
const BELOW = 14;

/** @param wanted how wide a tile should about be */
export function lay(days: Day[], width: number, wanted: number): Layout {
  const columns = Math.max(3, Math.round((width + GAP) / (wanted + GAP)));
  const tile = (width - GAP * (columns - 1)) / columns;
  const sections: Section[] = [];
  let first = 0;
  let from = 0;
  let top = 0;
  for (let index = 0; index < days.length; index++) {
    const group = days.slice(first, index + 1);
    const count = group.reduce((sum, day) => sum + day.count, 0);
    const next = days[index + 1];
    if (count < columns * 2 && next && monthOf(next) === monthOf(group[0])) continue;
    const height = HEADING + Math.ceil(count / columns) * (tile + GAP) + BELOW;
    sections.push({ title: titleOf(group), month: monthOf(group[0]), from, count, top, height });
    first = index + 1;
    from += count;
    top += height;
  }
  return { columns, tile, height: top, total: from, sections };
}

function monthOf(day: Day | undefined): string {
  return day?.day.slice(0, 7) ?? "";
}

/** The section that holds a place or an index, by halving. */
export function sectionAt(layout: Layout, is: (section: Section) => boolean): Section | undefined {
  let low = 0;
  let high = layout.sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const section = layout.sections[middle];
    if (section && is(section)) low = middle;
    else high = middle - 1;
  }
  return layout.sections[low];
}

/** Where a picture's tile begins. */
export function topOf(layout: Layout, index: number): number {
  const section = sectionAt(layout, (one) => one.from <= index);
  return section ? section.top + HEADING + Math.floor((index - section.from) / layout.columns) * (layout.tile + GAP) : 0;
}

/** The picture above (-1) or below (1) another one, in the same column as far as there is one. */
export function vertical(layout: Layout, index: number, by: number): number {
  const section = sectionAt(layout, (one) => one.from <= index);
  if (!section) return index;
  const column = (index - section.from) % layout.columns;
  const within = index + by * layout.columns;
  const lastRow = Math.floor((section.count - 1) / layout.columns);
  const row = Math.floor((index - section.from) / layout.columns);
  if (by > 0 && row < lastRow) return Math.min(within, section.from + section.count - 1);
  if (by < 0 && row > 0) return within;
  const other = layout.sections[layout.sections.indexOf(section) + by];
  if (!other) return index;
  const otherRow = by > 0 ? 0 : Math.floor((other.count - 1) / layout.columns);
  return Math.min(other.from + otherRow * layout.columns + column, other.from + other.count - 1);
}

const UTC = { timeZone: "UTC" } as const;
const whole = new Intl.DateTimeFormat(undefined, { ...UTC, weekday: "long", day: "numeric", month: "long", year: "numeric" });
const dayMonth = new Intl.DateTimeFormat(undefined, { ...UTC, day: "numeric", month: "long", year: "numeric" });
const monthYear = new Intl.DateTimeFormat(undefined, { ...UTC, month: "long", year: "numeric" });

function titleOf(days: Day[]): string {
  const last = dateOf(days[0]);
  const first = dateOf(days.at(-1));
  return days.length === 1 ? whole.format(last) : dayMonth.formatRange(first, last);
}

export function monthTitle(month: string): string {
  return monthYear.format(new Date(month + "-01T00:00:00Z"));
}

function dateOf(day: Day | undefined): Date {
  return new Date((day?.day ?? "1970-01-01") + "T00:00:00Z");
}

/** A time on the wall, which has no zone. */
export function wallMoment(shown: string): string {
  return new Date(shown + "Z").toLocaleString(undefined, { ...UTC, dateStyle: "full", timeStyle: "short" });
}
