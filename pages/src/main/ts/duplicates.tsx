// Pictures that are there more than once, to keep one of.

import { useState } from "preact/hooks";
import { call, type Picture } from "./api";
import { bytes, count, nameOf, parentOf } from "./format";
import { Icon } from "./icons";
import { wallMoment } from "./layout";
import { useLoad } from "./load";
import { Empty, Failed, Name, Waiting } from "./ui";
import { Viewer } from "./viewer";
import { Thumb } from "./wall";

interface Group {
  exact: boolean;
  pictures: Picture[];
}

const SHOWN = 100;

export function Duplicates(props: { path: string; version: number; trash: (pictures: Picture[]) => void }) {
  const [open, setOpen] = useState(-1);
  const loaded = useLoad(
    async (signal) => {
      const groups: Group[] = [];
      await call<object, Group>("pictures-duplicates", {}, { signal, items: (items) => groups.push(...items) });
      const below = props.path === "/" ? "/" : props.path + "/";
      return groups.filter((group) => group.pictures.some((one) => one.path.startsWith(below)));
    },
    [props.path, props.version],
  );
  if (loaded.error && !loaded.value) return <Failed error={loaded.error} again={loaded.again} />;
  if (!loaded.value) return <Waiting text="Comparing all pictures…" />;
  const groups = loaded.value;
  if (groups.length === 0) {
    return (
      <Empty icon="same" title="Nothing is here twice">
        <p>Pictures are compared byte for byte, and by how they look. Those without a preview are compared by their bytes alone.</p>
      </Empty>
    );
  }
  const all = groups.slice(0, SHOWN).flatMap((group) => group.pictures);
  const spare = groups.filter((group) => group.exact).reduce((sum, group) => sum + (group.pictures.length - 1) * (group.pictures[0]?.size ?? 0), 0);
  return (
    <>
      <p class="lead">
        <strong>{count(groups.length, "group")}</strong> of pictures that are the same or look so{spare > 0 ? `; exact copies take ${bytes(spare)}` : ""}. Nothing is removed by itself.
        {groups.length > SHOWN && ` The first ${SHOWN} are shown.`}
      </p>
      <ul class="groups">
        {groups.slice(0, SHOWN).map((group) => (
          <li class="card group" key={group.pictures.map((one) => one.node).join() + group.exact}>
            <div class="card-head">
              <h3>{group.exact ? "Exact copies" : "Look the same"}</h3>
              {group.exact && (
                <button class="button" onClick={() => props.trash(group.pictures.slice(1))}>
                  Keep the first one
                </button>
              )}
            </div>
            <ul>
              {group.pictures.map((picture) => (
                <li key={picture.node}>
                  <button class="picture" aria-label={`Open ${picture.path}`} onClick={() => setOpen(all.indexOf(picture))}>
                    <Thumb picture={picture} />
                  </button>
                  <div class="group-words">
                    <strong>
                      <Name of={nameOf(picture.path)} />
                    </strong>
                    <small>
                      <Name of={parentOf(picture.path)} />
                    </small>
                    <small>
                      {picture.width > 0 && `${picture.width} × ${picture.height} · `}
                      {bytes(picture.size)}
                    </small>
                    <small>{wallMoment(picture.shown)}</small>
                  </div>
                  <button class="button danger" aria-label={`Move ${picture.path} to the trash`} onClick={() => props.trash([picture])}>
                    <Icon name="trash" size={18} /> Trash
                  </button>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {open >= 0 && open < all.length && (
        <Viewer
          entries={{ at: (index) => all[index], need: () => {} }}
          total={all.length}
          index={open}
          show={setOpen}
          close={() => setOpen(-1)}
          trash={(picture) => props.trash([picture])}
        />
      )}
    </>
  );
}
