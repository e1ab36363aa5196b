// Lets a new device in: a code that works once, and a yes.

import { useEffect, useState } from "preact/hooks";
import { call, type Problem } from "./api";
import { QrCode } from "./qr";
import { status } from "./state";
import { asProblem, Dialog, Failed, Name, say, Waiting } from "./ui";

interface Request {
  name: string;
  deviceId: string;
}

export function AddDevice({ close, done }: { close: () => void; done: () => void }) {
  const [invitation, setInvitation] = useState<{ code: string; expires: string } | null>(null);
  const [request, setRequest] = useState<Request | null>(null);
  const [ended, setEnded] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Problem | null>(null);
  const [turn, setTurn] = useState(0);
  const service = status.use()?.service ?? "";

  useEffect(() => {
    const stop = new AbortController();
    const wait = async () => {
      setInvitation(await call("invite", {}, { signal: stop.signal }));
      const answer = await call<{ request: Request | null }>("await-join", {}, { signal: stop.signal });
      if (answer.request) setRequest(answer.request);
      else setEnded(true);
    };
    wait().catch((failure: unknown) => {
      if (!stop.signal.aborted) setError(asProblem(failure));
    });
    return () => stop.abort();
  }, [turn]);

  const again = () => {
    setInvitation(null);
    setEnded(false);
    setError(null);
    setTurn(turn + 1);
  };

  const letIn = async (asked: Request) => {
    setBusy(true);
    try {
      await call("approve", asked);
      say(`“${asked.name}” is one of your devices now.`);
      done();
      close();
    } catch (failure) {
      setRequest(null);
      setError(asProblem(failure));
    }
    setBusy(false);
  };

  return (
    <Dialog title="Add a device" close={close}>
      {error ? (
        <Failed error={error} again={again} />
      ) : request ? (
        <>
          <p class="lead">
            <strong>
              <Name of={request.name} />
            </strong>{" "}
            has entered the code and wants to be one of your devices.
          </p>
          <p>
            It will be able to read and change everything. Its number is <code>{request.deviceId.slice(0, 16)}</code>; it shows the same.
          </p>
          <footer class="dialog-foot">
            <button class="button" onClick={close}>
              Do not let it in
            </button>
            <button class="button main" disabled={busy} onClick={() => void letIn(request)}>
              {busy ? "Letting it in…" : "Let it in"}
            </button>
          </footer>
        </>
      ) : ended ? (
        <>
          <p>The code was not used in time; it is worth nothing any more.</p>
          <button class="button main" onClick={again}>
            Make a new one
          </button>
        </>
      ) : invitation ? (
        <div class="invite">
          <QrCode text={invitation.code} label="The code as a QR code" />
          <p>On the new device, within ten minutes:</p>
          <pre class="command">coffer device join {invitation.code} --service {service}</pre>
          <p class="code" aria-label="One-time code">
            {invitation.code}
          </p>
          <Waiting text="Waiting for it to be entered…" />
        </div>
      ) : (
        <Waiting />
      )}
    </Dialog>
  );
}
