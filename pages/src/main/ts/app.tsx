import { useEffect, useRef, useState } from "preact/hooks";
import { type Asking, follow, leave, onPhone, whenLost } from "./api";
import { DevicesPage } from "./devices";
import { FilesPage } from "./files";
import { FindPage } from "./find";
import { Icon, type IconName } from "./icons";
import { MailPage } from "./mail";
import { Pairing } from "./pairing";
import { PicturesPage } from "./pictures";
import { go, route, to } from "./router";
import { attention, connected, status } from "./state";
import { TrashPage } from "./trash";
import { Dialog, Toasts } from "./ui";
import { UploadPanel } from "./uploads";
import { WherePage } from "./where";

interface Place {
  page: string;
  label: string;
  icon: IconName;
}

const PLACES: Place[] = [
  { page: "files", label: "Files", icon: "files" },
  { page: "pictures", label: "Pictures", icon: "pictures" },
  { page: "mail", label: "Mail", icon: "mail" },
  { page: "find", label: "Find", icon: "find" },
  { page: "trash", label: "Trash", icon: "trash" },
  { page: "where", label: "Where & who", icon: "where" },
  { page: "devices", label: "Devices & safety", icon: "devices" },
];

const SHORT: Record<string, string> = { where: "Where", devices: "Safety" };

/** @param start whether there is a session, or what a phone shows until it has one */
export function App({ start }: { start: boolean | Asking }) {
  const [open, setOpen] = useState(start);
  useEffect(() => whenLost(() => setOpen(false)), []);
  if (typeof open === "object") return <Pairing asking={open} inside={() => setOpen(true)} />;
  return open ? <Inside /> : <Closed />;
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect x="1" y="1" width="30" height="30" rx="9" />
      <path d="M8 14.500a5 5 0 0 1 5-5h6a5 5 0 0 1 5 5V22a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 8 22zM8 15.500h5.200m5.600 0H24M16 13.400a2.600 2.600 0 1 1 0 5.200 2.600 2.600 0 0 1 0-5.200z" />
    </svg>
  );
}

function Closed() {
  return (
    <main class="closed">
      <Mark />
      <h1>{onPhone ? "This phone is not paired" : "These pages are closed"}</h1>
      {onPhone ? (
        <p>On the computer, under “Devices &amp; safety”, choose “Pair a phone” and scan what it shows. A QR code works once, within ten minutes.</p>
      ) : (
        <p>
          They open with an address that works once. In a terminal of this machine, run <code>coffer open</code>.
        </p>
      )}
    </main>
  );
}

function Inside() {
  const at = route.use();
  const now = status.use();
  const [keys, setKeys] = useState(false);
  const place = PLACES.find((one) => one.page === at.page) ?? PLACES[0];
  useEffect(
    () =>
      follow((heard) => {
        connected.set(heard !== null);
        if (heard) status.set(heard);
      }),
    [],
  );
  useEffect(() => {
    document.title = place ? `${place.label} – Coffer` : "Coffer";
  }, [place]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = target.matches("input, textarea, select") || document.querySelector("dialog[open]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "/") {
        event.preventDefault();
        go("find");
      } else if (event.key === "?") {
        setKeys(true);
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  const main = useRef<HTMLElement>(null);
  return (
    <div class="frame">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <nav class="side" aria-label="Pages">
        <div class="brand">
          <Mark />
          <span>Coffer</span>
        </div>
        <ul>
          {PLACES.map((one) => (
            <li key={one.page}>
              <a href={to(one.page)} class="place" aria-current={one === place ? "page" : undefined}>
                <Icon name={one.icon} />
                <span class="long">{one.label}</span>
                <span class="short">{SHORT[one.page] ?? one.label}</span>
                {one.page === "devices" && attention(now) > 0 && (
                  <span class="count" aria-label={`${attention(now)} need attention`}>
                    {attention(now)}
                  </span>
                )}
              </a>
            </li>
          ))}
        </ul>
        <div class="side-foot">
          <Standing />
          <div class="side-tools">
            <button class="quiet" onClick={() => setKeys(true)}>
              <Icon name="keyboard" size={18} /> Keys
            </button>
            {!onPhone && (
              <button class="quiet" onClick={() => void leave()}>
                <Icon name="lock" size={18} /> Close
              </button>
            )}
          </div>
        </div>
      </nav>
      <main class="main" id="main" ref={main} tabIndex={-1}>
        {place?.page === "files" && <FilesPage path={at.path} />}
        {place?.page === "pictures" && <PicturesPage path={at.path} item={at.item} />}
        {place?.page === "mail" && <MailPage path={at.path} item={at.item} />}
        {place?.page === "find" && <FindPage />}
        {place?.page === "trash" && <TrashPage />}
        {place?.page === "where" && <WherePage path={at.path} />}
        {place?.page === "devices" && <DevicesPage />}
      </main>
      <UploadPanel />
      <Toasts />
      {keys && <Keys close={() => setKeys(false)} />}
    </div>
  );
}

/** In one line: whether all is well. */
function Standing() {
  const now = status.use();
  const here = connected.use();
  const [word, tone] = !here
    ? ["The agent does not answer", "bad"]
    : !now
      ? ["Connecting…", "off"]
      : !now.online
        ? ["Offline; changes wait", "off"]
        : ["All connected", "good"];
  return (
    <p class="standing" role="status">
      <span class={`dot ${tone}`} />
      <span>
        {word}
        {now && <small>{now.device}</small>}
      </span>
    </p>
  );
}

const KEYS: [string, string][] = [
  ["↑ ↓", "Go through a list"],
  ["Home End", "First, last"],
  ["Enter", "Open"],
  ["Space", "Select, or not"],
  ["Ctrl A", "Select all"],
  ["Backspace", "To the folder above"],
  ["F2", "Rename"],
  ["Delete", "To the trash"],
  ["N", "New folder"],
  ["U", "Upload"],
  ["← →", "Previous, next file, picture or message"],
  ["+ −", "Larger, smaller pictures"],
  ["I", "Details of a picture"],
  ["Esc", "Back, or select nothing"],
  ["/", "Find"],
  ["?", "These keys"],
];

function Keys({ close }: { close: () => void }) {
  return (
    <Dialog title="Keys" close={close}>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
