// On a phone that has used its ticket: figures to type at the computer, until a person there has done so.

import { useEffect, useState } from "preact/hooks";
import { type Asking, claim, leave } from "./api";
import { Dialog, Waiting } from "./ui";

export function Pairing({ asking, inside }: { asking: Asking; inside: () => void }) {
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    let stopped = false;
    const wait = async () => {
      while (!stopped) {
        const answer = await claim(asking);
        if (answer === "in") inside();
        if (answer === "over") setEnded(true);
        if (answer !== "waits") return;
        await new Promise((then) => setTimeout(then, 1000));
      }
    };
    void wait();
    return () => {
      stopped = true;
    };
  }, []);
  return (
    <main class="closed">
      {ended ? (
        <>
          <h1>This phone was not let in</h1>
          <p>Make a new QR code on the computer, and scan that.</p>
        </>
      ) : (
        <>
          <h1>Type this on the computer</h1>
          <p class="figures" aria-label={asking.code.split("").join(" ")}>
            {asking.code.slice(0, 3)} {asking.code.slice(3)}
          </p>
          <p>The computer that showed you the QR code asks for it.</p>
          <Waiting text="Waiting for the computer…" />
        </>
      )}
    </main>
  );
}

/** On a phone: what it may do, and how it goes. */
export function ThisPhone() {
  const [leaving, setLeaving] = useState(false);
  return (
    <section aria-labelledby="phone-title">
      <h2 id="phone-title">This phone</h2>
      <p class="fine">
        A phone sees, adds and arranges. What cannot be undone, lets others in or shuts them out is done at the computer: devices, phones, recovery words, rewinding,
        emptying the trash.
      </p>
      <p>
        <button class="button" onClick={() => setLeaving(true)}>
          Unpair this phone
        </button>
      </p>
      {leaving && (
        <Dialog title="Unpair this phone?" close={() => setLeaving(false)}>
          <p>To use these pages here again, it has to be paired at the computer.</p>
          <footer class="dialog-foot">
            <button class="button" onClick={() => setLeaving(false)}>
              Keep it
            </button>
            <button class="button danger" onClick={() => void leave()}>
              Unpair
            </button>
          </footer>
        </Dialog>
      )}
    </section>
  );
}
