// Whether the recovery words are still at hand: two of them, or all.

import { useState } from "preact/hooks";
import { call, type Problem } from "./api";
import { ago } from "./format";
import { Icon } from "./icons";
import { useLoad } from "./load";
import { asProblem, Dialog, Failed } from "./ui";

interface Check {
  places: number[];
  checked: string | null;
  due: boolean;
}

export function RecoveryCard() {
  const loaded = useLoad((signal) => call<Check>("recovery", {}, { signal }), []);
  const [open, setOpen] = useState(false);
  const now = loaded.value;
  return (
    <article class="card">
      <header class="card-head">
        <span class="tile">
          <Icon name="paper" />
        </span>
        <div>
          <h3>Recovery words</h3>
          <small>The only way back when every device is lost.</small>
        </div>
      </header>
      {now?.checked ? (
        <p class={now.due ? "fine" : "good-line"}>
          {!now.due && <Icon name="check" />}
          <span>They were right {ago(now.checked)}.</span>
        </p>
      ) : (
        <p class="fine">{now ? "They were not checked on this device yet. It takes a moment: have you still got the paper?" : "…"}</p>
      )}
      {loaded.error && <Failed error={loaded.error} again={loaded.again} />}
      <button class={`button ${now?.due ? "main" : ""}`} disabled={!now} onClick={() => setOpen(true)}>
        Check them
      </button>
      {open && now && (
        <CheckWords
          places={now.places}
          close={() => {
            setOpen(false);
            loaded.again();
          }}
        />
      )}
    </article>
  );
}

function CheckWords({ places, close }: { places: number[]; close: () => void }) {
  const [all, setAll] = useState(places.length === 0);
  const [two, setTwo] = useState(places.map(() => ""));
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [right, setRight] = useState(false);
  const [error, setError] = useState<Problem | null>(null);
  const words = (all ? text : two.join(" ")).trim();
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await call("check-recovery", { words });
      setRight(true);
    } catch (failure) {
      setError(asProblem(failure));
    }
    setBusy(false);
  };
  const asIs = { autocomplete: "off", autocapitalize: "none", spellcheck: false } as const;
  return (
    <Dialog title="Recovery words" close={close}>
      {right ? (
        <>
          <p class="good-line" role="status">
            <Icon name="check" /> <span>{all ? "All 24 words are right." : "Both words are right: you have the right paper."}</span>
          </p>
          <footer class="dialog-foot">
            <button class="button main" onClick={close}>
              Done
            </button>
          </footer>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          {all ? (
            <label class="field">
              <span>All 24 words, in order</span>
              <textarea {...asIs} rows={5} value={text} onInput={(event) => setText(event.currentTarget.value)} />
            </label>
          ) : (
            <div class="two-words">
              {places.map((place, index) => (
                <label class="field" key={place}>
                  <span>Word {place}</span>
                  <input
                    {...asIs}
                    value={two[index]}
                    onInput={(event) => setTwo(two.map((word, at) => (at === index ? event.currentTarget.value : word)))}
                  />
                </label>
              ))}
            </div>
          )}
          {error && <Failed error={error} />}
          <p class="fine">
            {places.length === 0
              ? "This device never had the words, so it can tell them only as a whole."
              : all
                ? "The whole proof: with exactly these words the account comes back."
                : "This device keeps what tells these two words, always the same, and no others."}
          </p>
          <footer class="dialog-foot">
            {places.length > 0 && (
              <button type="button" class="button" onClick={() => setAll(!all)}>
                {all ? "Two words only" : "Type all 24"}
              </button>
            )}
            <button class="button main" disabled={busy || words.split(/\s+/).length < 2}>
              {busy ? "Checking…" : "Check"}
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
