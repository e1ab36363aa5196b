// Puts the vault, or one folder of it, back as it was; shows what that would do before it is done.

import { useState } from "preact/hooks";
import { call, type Point, type Problem, type Step, type Trouble } from "./api";
import { ChooseFolder } from "./chooser";
import { count, moment, nameOf } from "./format";
import { Icon } from "./icons";
import { asProblem, Dialog, Failed, Name, say, Troubles, Waiting } from "./ui";

interface Report {
  point: Point;
  restored: number;
  changed: number;
  moved: number;
  removed: number;
  problems: Trouble[];
}

interface Plan {
  point: Point;
  report: Report;
  steps: Step[];
}

const STEPS_SHOWN = 200;

export function RewindCard() {
  const [open, setOpen] = useState(false);
  return (
    <article class="card">
      <header class="card-head">
        <span class="tile">
          <Icon name="history" />
        </span>
        <div>
          <h3>Rewind</h3>
          <small>Everything, or one folder, as it was at a time of the last 30 days.</small>
        </div>
      </header>
      <p class="fine">Nothing is forgotten by it: what it replaces stays as a version, what has come since goes to the trash, and a rewind can be rewound.</p>
      <button class="button" onClick={() => setOpen(true)}>
        Choose a time
      </button>
      {open && <Rewind close={() => setOpen(false)} />}
    </article>
  );
}

/** As an input of date and time wants it: the time here, without its zone. */
function local(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

async function plan(to: object, path: string): Promise<Plan> {
  const point = await call<Point>("rewind-point", to);
  const steps: Step[] = [];
  const report = await call<Report, Step>("rewind", { path, point, dryRun: true }, { items: (items) => steps.push(...items) });
  return { point, report, steps };
}

function Rewind({ close }: { close: () => void }) {
  const [path, setPath] = useState("/");
  const [choosing, setChoosing] = useState(false);
  const [time, setTime] = useState(local(new Date(Date.now() - 3600_000)));
  const [busy, setBusy] = useState(false);
  const [planned, setPlanned] = useState<Plan | null>(null);
  const [error, setError] = useState<Problem | null>(null);
  const work = async (what: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await what();
    } catch (failure) {
      setError(asProblem(failure));
    }
    setBusy(false);
  };
  const look = () => work(async () => setPlanned(await plan({ time: new Date(time).toISOString() }, path)));
  const run = ({ point }: Plan) =>
    work(async () => {
      const report = await call<Report>("rewind", { path, point, dryRun: false });
      const back = { ...point, version: point.newest };
      say("It is as it was.", async () => {
        const now = await call<Point>("rewind-point", { version: back.version });
        await call("rewind", { path, point: now, dryRun: false });
      });
      if (report.problems.length > 0) setPlanned({ point, report, steps: [] });
      else close();
    });
  if (choosing) {
    return (
      <ChooseFolder
        title="Rewind which folder?"
        action="This one"
        start={path}
        without={[]}
        done={(folder) => {
          setChoosing(false);
          if (folder !== null) setPath(folder);
          setPlanned(null);
        }}
      />
    );
  }
  const changes = planned ? planned.report.restored + planned.report.changed + planned.report.moved + planned.report.removed : 0;
  return (
    <Dialog title="Rewind" wide close={close}>
      <form
        class="rewind"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <label class="field">
          <span>As it was at</span>
          <input
            type="datetime-local"
            step={1}
            value={time}
            max={local(new Date())}
            required
            onInput={(event) => {
              setTime(event.currentTarget.value);
              setPlanned(null);
            }}
          />
        </label>
        <button type="button" class="button" onClick={() => setChoosing(true)}>
          <Icon name="files" /> <Name of={path === "/" ? "Everything" : nameOf(path)} />
        </button>
        <button class="button" disabled={busy}>
          Show what it would do
        </button>
      </form>
      {error && <Failed error={error} />}
      {busy && <Waiting text="Working…" />}
      {planned && !busy && (
        <>
          <p class="lead">
            Back to {moment(planned.point.time)}, after a change from <Name of={planned.point.device} />.{" "}
            {changes === 0
              ? "Nothing differs from now."
              : `It would bring back ${planned.report.restored}, change back ${planned.report.changed}, move ${planned.report.moved}, and put ${planned.report.removed} in the trash.`}
          </p>
          <Troubles all={planned.report.problems} />
          <ul class="steps">
            {planned.steps.slice(0, STEPS_SHOWN).map((step) => (
              <li key={step.what + step.where}>
                <span class="badge off">{step.what}</span> <Name of={step.where} />
              </li>
            ))}
            {planned.steps.length > STEPS_SHOWN && <li class="none">and {count(planned.steps.length - STEPS_SHOWN, "more change")}</li>}
          </ul>
          {changes > 0 && (
            <footer class="dialog-foot">
              <button class="button" onClick={close}>
                Leave it as it is
              </button>
              <button class="button main" onClick={() => void run(planned)}>
                Rewind
              </button>
            </footer>
          )}
        </>
      )}
    </Dialog>
  );
}
