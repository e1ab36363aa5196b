import { useState } from "preact/hooks";
import { call, onPhone, type Device, type Status, type Sync } from "./api";
import { ago, bytes, count, date } from "./format";
import { Icon } from "./icons";
import { AddDevice } from "./joining";
import { useLoad } from "./load";
import { ThisPhone } from "./pairing";
import { PhonesSection } from "./phones";
import { RecoveryCard } from "./recovery";
import { RewindCard } from "./rewinding";
import { attention, status } from "./state";
import { attempt, Dialog, Failed, Name, say, Troubles, Waiting } from "./ui";
import { CheckCard } from "./verifying";

export function DevicesPage() {
  const now = status.use();
  return (
    <div class="page narrow">
      <header class="head">
        <div>
          <h1>Devices &amp; safety</h1>
          <p class="sub">Who takes part, and whether all is well.</p>
        </div>
      </header>
      {now ? (
        <>
          <Health now={now} />
          <Numbers now={now} />
          {now.syncs.length > 0 && <Syncs all={now.syncs} />}
        </>
      ) : (
        <Waiting />
      )}
      <Devices />
      {onPhone ? (
        <ThisPhone />
      ) : (
        <>
          <section aria-labelledby="safety-title">
            <h2 id="safety-title">Safety</h2>
            <div class="cards">
              <CheckCard />
              <RewindCard />
              <RecoveryCard />
            </div>
          </section>
          <PhonesSection />
        </>
      )}
    </div>
  );
}

const FROZEN: Record<string, string> = {
  ROLLBACK: "The service shows an older state than this device has seen.",
  FORK: "The service shows two different pasts.",
};

function Health({ now }: { now: Status }) {
  const frozen = now.logs.filter((log) => log.frozen);
  if (attention(now) === 0) {
    return (
      <div class="notice good" role="status">
        <Icon name="check" />
        <div>
          <strong>{now.online ? "All is well." : "Nothing is wrong, but the service is not reached."}</strong>
          <p>
            {now.online
              ? now.pendingUploads > 0
                ? `${count(now.pendingUploads, "sealed pack")} still to be committed.`
                : "Everything this device knows of is stored and committed."
              : "What is here can be read; changes need the service. This device tries again by itself."}
          </p>
        </div>
      </div>
    );
  }
  return (
    <div role="alert">
      <Troubles all={now.problems} />
      <ul class="troubles">
        {frozen.map((log) => (
          <li class="notice bad" key={log.kind}>
            <Icon name="warn" />
            <div>
              <strong>
                The {log.kind} log is frozen: {FROZEN[log.frozen ?? ""] ?? `it does not add up (${log.frozen}).`}
              </strong>
              <p>What you have can be read. Nothing more is written until this is cleared up; ask the operator, and keep this device.</p>
            </div>
          </li>
        ))}
        {now.rotationPending && (
          <li class="notice bad">
            <Icon name="warn" />
            <div>
              <strong>A device was removed, and the vault waits for new keys.</strong>
              <p>Nothing new is sealed with the old ones. It is done as soon as the service can be reached.</p>
            </div>
          </li>
        )}
      </ul>
    </div>
  );
}

function Numbers({ now }: { now: Status }) {
  const rate = (limit: number) => (limit === 0 ? "no limit" : `at most ${bytes(limit)}/s`);
  return (
    <dl class="numbers">
      <div>
        <dt>Your files</dt>
        <dd>{bytes(now.bytes)}</dd>
        <dd>{count(now.files, "file")}</dd>
      </div>
      <div>
        <dt>Stored, sealed</dt>
        <dd>{bytes(now.packBytes)}</dd>
        <dd>{count(now.packs, "pack")} with providers, versions included</dd>
      </div>
      <div>
        <dt>Sending</dt>
        <dd>{now.syncs.reduce((sum, one) => sum + one.sending, 0).toLocaleString()}</dd>
        <dd>items of synced folders; {rate(now.limits.up)}</dd>
      </div>
      <div>
        <dt>Receiving</dt>
        <dd>{now.syncs.reduce((sum, one) => sum + one.receiving, 0).toLocaleString()}</dd>
        <dd>items of synced folders; {rate(now.limits.down)}</dd>
      </div>
    </dl>
  );
}

const STATES: Record<string, string> = {
  "up-to-date": "Up to date",
  starting: "Starting",
  looking: "Looking",
  sending: "Sending",
  receiving: "Receiving",
  waiting: "Waiting for files to be quiet",
  offline: "Offline; changes wait",
  paused: "Paused",
  asking: "Asks you something",
  missing: "The folder is not there",
  foreign: "The folder belongs to another device",
  failing: "Failing; it is tried again",
};

function Syncs({ all }: { all: Sync[] }) {
  return (
    <section aria-labelledby="sync-title">
      <h2 id="sync-title">Synced folders</h2>
      <ul class="cards-list">
        {all.map((sync) => {
          const paused = sync.state === "paused";
          return (
            <li key={sync.folder} class="card-group">
              <div class="card-row">
                <span class="tile">
                  <Icon name="sync" />
                </span>
                <div class="card-words">
                  <strong>
                    <Name of={sync.path} />
                  </strong>
                  <small>
                    <Name of={sync.folder} /> · {STATES[sync.state] ?? sync.state}
                    {sync.agreed ? ` · the same ${ago(sync.agreed)}` : ""}
                  </small>
                </div>
                {!onPhone && (
                  <button
                    class="button"
                    onClick={() => attempt(() => call("pause-sync", { folder: sync.folder, paused: !paused }))}
                  >
                    {paused ? "Go on" : "Pause"}
                  </button>
                )}
              </div>
              {sync.question && (
                <div class="notice ask">
                  <Icon name="warn" />
                  <div>
                    <strong>{sync.question}</strong>
                    <p>Nothing is done until you agree{onPhone ? ", at the computer" : ""}.</p>
                    {!onPhone && (
                      <button
                        class="button"
                        onClick={() =>
                          attempt(async () => {
                            await call("approve-sync", { folder: sync.folder });
                            say("Agreed; it goes on.");
                          })
                        }
                      >
                        I agree
                      </button>
                    )}
                  </div>
                </div>
              )}
              {sync.problems.length > 0 && <Troubles all={sync.problems} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const ROLES: Record<string, string> = { full: "may do everything", "read-only": "may read", "append-only": "may add" };

function Devices() {
  const now = status.use();
  const entries = now?.logs.find((log) => log.kind === "account")?.sequence ?? 0;
  const loaded = useLoad(async (signal) => (await call<{ items: Device[] }>("devices", {}, { signal })).items, [entries]);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Device | null>(null);
  const active = (loaded.value ?? []).filter((device) => device.active);
  const gone = (loaded.value ?? []).filter((device) => !device.active);
  return (
    <section aria-labelledby="devices-title">
      <div class="section-head">
        <h2 id="devices-title">Devices</h2>
        {!onPhone && (
          <button class="button main" onClick={() => setAdding(true)}>
            <Icon name="plus" /> Add a device
          </button>
        )}
      </div>
      {loaded.error && !loaded.value && <Failed error={loaded.error} again={loaded.again} />}
      <ul class="cards-list">
        {active.map((device) => (
          <li class="card-row" key={device.id}>
            <span class="tile">
              <Icon name="laptop" />
            </span>
            <div class="card-words">
              <strong>
                <Name of={device.name} /> {device.self && <span class="badge good">{onPhone ? "your computer" : "this one"}</span>}
              </strong>
              <small>
                {ROLES[device.role] ?? device.role} · since {date(device.added)} · <code>{device.id.slice(0, 8)}</code>
              </small>
            </div>
            {!device.self && !onPhone && (
              <button class="button danger" aria-label={`Remove ${device.name}`} onClick={() => setRemoving(device)}>
                Remove
              </button>
            )}
          </li>
        ))}
      </ul>
      {gone.length > 0 && <p class="fine">Removed: {gone.map((device) => device.name).join(", ")}</p>}
      {adding && <AddDevice close={() => setAdding(false)} done={loaded.again} />}
      {removing && (
        <Dialog title="Remove this device?" close={() => setRemoving(null)}>
          <p>
            <strong>
              <Name of={removing.name} />
            </strong>{" "}
            is shut out, and every key it knew is changed. What it has copied so far it keeps. To come back it has to join anew.
          </p>
          <footer class="dialog-foot">
            <button class="button" onClick={() => setRemoving(null)}>
              Keep it
            </button>
            <button
              class="button danger"
              onClick={() => {
                const device = removing;
                setRemoving(null);
                attempt(async () => {
                  await call("remove-device", { name: device.name });
                  say(`“${device.name}” is removed, and the keys are new.`);
                  loaded.again();
                });
              }}
            >
              Remove it
            </button>
          </footer>
        </Dialog>
      )}
    </section>
  );
}
