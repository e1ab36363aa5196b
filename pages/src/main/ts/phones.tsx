// Phones of the home network that may use these pages: whether they are served, which are paired, and how one is let in.

import { useEffect, useState } from "preact/hooks";
import { call, type Phone, type Phones, Problem } from "./api";
import { ago, date } from "./format";
import { Icon } from "./icons";
import { useLoad } from "./load";
import { QrCode } from "./qr";
import { asProblem, attempt, Dialog, Failed, Name, say, Waiting } from "./ui";

export function PhonesSection() {
  const loaded = useLoad((signal) => call<Phones>("phones", {}, { signal }), []);
  const [pairing, setPairing] = useState(false);
  const [busy, setBusy] = useState(false);
  const now = loaded.value;
  const turn = (on: boolean) => {
    setBusy(true);
    attempt(async () => {
      try {
        await call(on ? "phone-on" : "phone-off");
        loaded.again();
      } finally {
        setBusy(false);
      }
    });
  };
  return (
    <section aria-labelledby="phones-title">
      <div class="section-head">
        <h2 id="phones-title">Phones at home</h2>
        {now?.site && (
          <button class="button main" onClick={() => setPairing(true)}>
            <Icon name="plus" /> Pair a phone
          </button>
        )}
      </div>
      {loaded.error && !now && <Failed error={loaded.error} again={loaded.again} />}
      {now && (
        <ul class="cards-list">
          <li class="card-row">
            <span class="tile">
              <Icon name="phone" />
            </span>
            <div class="card-words">
              <strong>{now.site ? "Phones in your home network can open these pages" : "No phone can open these pages"}</strong>
              <small>
                {now.site
                  ? `At ${now.site}, once they are paired; it stays so until you turn it off.`
                  : "Turned on, this computer serves them over TLS at its address in your home network, to phones that you pair."}
              </small>
            </div>
            <button class="button" disabled={busy} onClick={() => turn(!now.on)}>
              {now.on ? "Turn off" : "Turn on"}
            </button>
          </li>
          {now.phones.map((phone) => (
            <PhoneRow key={phone.name} phone={phone} gone={loaded.again} />
          ))}
        </ul>
      )}
      {now?.problem && <Failed error={new Problem(now.problem.code, now.problem.message, now.problem.advice)} again={loaded.again} />}
      {now?.site && now.fingerprint && (
        <p class="fine">
          Certificate of this computer, SHA-256: <Print of={now.fingerprint} />
        </p>
      )}
      {pairing && <PairPhone close={() => setPairing(false)} done={loaded.again} />}
    </section>
  );
}

/** A fingerprint, which breaks between eight bytes and never within, so that it can be compared. */
function Print({ of }: { of: string }) {
  return (
    <code class="print">
      {of.match(/.{1,24}/g)?.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </code>
  );
}

function PhoneRow({ phone, gone }: { phone: Phone; gone: () => void }) {
  return (
    <li class="card-row">
      <span class="tile">
        <Icon name="phone" />
      </span>
      <div class="card-words">
        <strong>
          <Name of={phone.name} />
        </strong>
        <small>
          paired {date(phone.added)} · {phone.used ? `last used ${ago(phone.used)}` : "not used yet"}
        </small>
      </div>
      <button
        class="button danger"
        aria-label={`Remove ${phone.name}`}
        onClick={() =>
          attempt(async () => {
            await call("phone-remove", { name: phone.name });
            say(`“${phone.name}” is out.`);
            gone();
          })
        }
      >
        Remove
      </button>
    </li>
  );
}

function PairPhone({ close, done }: { close: () => void; done: () => void }) {
  const [invitation, setInvitation] = useState<{ address: string; fingerprint: string } | null>(null);
  const [kind, setKind] = useState<string | null>(null);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<Problem | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    const wait = async () => {
      setInvitation(await call("phone-pair", {}, { signal: stop.signal }));
      const answer = await call<{ kind: string | null }>("phone-await", {}, { signal: stop.signal });
      if (answer.kind) setKind(answer.kind);
      else setEnded(true);
    };
    wait().catch((failure: unknown) => {
      if (!stop.signal.aborted) setError(asProblem(failure));
    });
    return () => stop.abort();
  }, [turn]);

  const again = () => {
    setInvitation(null);
    setKind(null);
    setEnded(false);
    setError(null);
    setTurn(turn + 1);
  };

  return (
    <Dialog title="Pair a phone" close={close}>
      {error ? (
        <Failed error={error} again={again} />
      ) : kind ? (
        <TypeFigures
          kind={kind}
          again={again}
          done={(name) => {
            say(`“${name}” is paired.`);
            done();
            close();
          }}
        />
      ) : ended ? (
        <>
          <p>The QR code was not used in time; it is worth nothing any more.</p>
          <button class="button main" onClick={again}>
            Make a new one
          </button>
        </>
      ) : invitation ? (
        <div class="invite">
          <QrCode text={invitation.address} label="The address for the phone as a QR code" />
          <p>Scan it with the phone’s camera, within ten minutes. It works once.</p>
          <details class="print-help">
            <summary>The phone warns that nobody vouches for this computer. That is so.</summary>
            <p>
              No authority knows your computer, so the phone asks you. Open the details of the warning and compare the certificate’s SHA-256 fingerprint; if
              it is this one, the phone speaks with this computer and nobody listens:
            </p>
            <Print of={invitation.fingerprint} />
          </details>
          <Waiting text="Waiting for the phone…" />
        </div>
      ) : (
        <Waiting />
      )}
    </Dialog>
  );
}

function TypeFigures({ kind, again, done }: { kind: string; again: () => void; done: (name: string) => void }) {
  const [code, setCode] = useState("");
  const [error, setError] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      done((await call<{ name: string }>("phone-confirm", { code })).name);
    } catch (failure) {
      setError(asProblem(failure));
      setCode("");
    }
    setBusy(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class="lead">The QR code was used ({kind}). Type the six figures that your phone shows.</p>
      <label class="field">
        <span>Figures on the phone</span>
        <input
          value={code}
          inputMode="numeric"
          autocomplete="off"
          maxLength={7}
          ref={(input) => input?.focus()}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      {error && <Failed error={error} />}
      <p class="fine">If your phone shows none, somebody else was quicker with the QR code. Type nothing, and make a new one.</p>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={again}>
          New QR code
        </button>
        <button class="button main" disabled={busy || code.replace(/\D/g, "").length !== 6}>
          Let it in
        </button>
      </footer>
    </form>
  );
}
