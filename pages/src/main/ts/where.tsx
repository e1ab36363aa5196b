import { useState } from "preact/hooks";
import { call, type Holder, type Place, type Problem, type Progress, type Statement, type Where } from "./api";
import { ChooseFolder } from "./chooser";
import { ago, bytes, count, date, moment, nameOf } from "./format";
import { Icon, type IconName } from "./icons";
import { useLoad } from "./load";
import { RegionMap } from "./regions";
import { go } from "./router";
import { status, vaultVersion } from "./state";
import { asProblem, Bar, Failed, Name, Troubles, Waiting } from "./ui";

export function WherePage({ path }: { path: string }) {
  const version = vaultVersion(status.use());
  const where = useLoad((signal) => call<Where>("where", { path }, { signal }), [path, version]);
  const who = useLoad(async (signal) => (await call<{ items: Holder[] }>("who", {}, { signal })).items, [version]);
  const [choosing, setChoosing] = useState(false);
  return (
    <div class="page narrow">
      <header class="head">
        <div>
          <h1>Where &amp; who</h1>
          <p class="sub">What this device has verified itself; nobody had to be believed.</p>
        </div>
        <div class="head-tools">
          <button class="button" onClick={() => setChoosing(true)}>
            <Icon name="files" /> <Name of={path === "/" ? "Everything" : nameOf(path)} />
          </button>
        </div>
      </header>

      <section aria-labelledby="where-title">
        <h2 id="where-title">Where it lies</h2>
        {where.error && !where.value ? (
          <Failed error={where.error} again={where.again} />
        ) : where.value ? (
          <Lies where={where.value} />
        ) : (
          <Waiting text="Asking where the packs are…" />
        )}
      </section>

      <RegionMap held={where.value?.places ?? []} version={version} />

      <section aria-labelledby="who-title">
        <h2 id="who-title">Who could open it today</h2>
        {who.error && !who.value ? (
          <Failed error={who.error} again={who.again} />
        ) : who.value ? (
          <Holders all={who.value} />
        ) : (
          <Waiting />
        )}
      </section>

      <Timeline />

      {choosing && (
        <ChooseFolder
          title="Of which folder?"
          action="Show this one"
          start={path}
          without={[]}
          done={(folder) => {
            setChoosing(false);
            if (folder !== null) go("where", folder);
          }}
        />
      )}
    </div>
  );
}

function Lies({ where }: { where: Where }) {
  const copies = where.packs === 0 ? 0 : where.places.reduce((sum, place) => sum + place.copies, 0) / where.packs;
  return (
    <>
      <p class="lead">
        {where.packs === 0 ? (
          "Nothing of it lies with a provider yet."
        ) : (
          <>
            {count(where.packs, "sealed pack")} ({bytes(where.bytes)}) in region <strong>{where.region}</strong>, in{" "}
            <strong>{Number.isInteger(copies) ? count(copies, "copy", "copies") : `${copies.toFixed(1)} copies`}</strong> each, with{" "}
            {count(where.places.length, "provider")}.
          </>
        )}
      </p>
      {where.without > 0 && (
        <div class="notice bad" role="alert">
          <Icon name="warn" />
          <div>
            <strong>The service knows no copy of {count(where.without, "pack")}.</strong>
            <p>What this device has itself is safe. Check everything under “Devices &amp; safety”; it says which files are meant.</p>
          </div>
        </div>
      )}
      <div class="cards">
        {where.places.map((place) => (
          <PlaceCard key={place.origin} place={place} packs={where.packs} />
        ))}
      </div>
      {where.problems.length > 0 && <Troubles all={where.problems} />}
    </>
  );
}

function PlaceCard({ place, packs }: { place: Place; packs: number }) {
  const all = place.proven >= place.copies;
  return (
    <article class="card">
      <header class="card-head">
        <span class="tile">
          <Icon name="server" />
        </span>
        <div>
          <h3>
            <Name of={place.provider || "A provider the log does not know"} />
          </h3>
          <small>
            <Name of={place.owner || "owner not stated"} />
          </small>
        </div>
        <span class={`badge ${place.state === "active" ? "good" : "off"}`}>{place.state || "unknown"}</span>
      </header>
      <dl class="facts">
        <div>
          <dt>Region</dt>
          <dd>{place.region || "–"}</dd>
        </div>
        <div>
          <dt>Holds</dt>
          <dd>
            {place.copies.toLocaleString()} of {count(packs, "pack")}
          </dd>
        </div>
        <div>
          <dt>Sealed size</dt>
          <dd>{bytes(place.bytes)}</dd>
        </div>
      </dl>
      <div class="proof">
        <Bar done={place.proven} total={Math.max(1, place.copies)} label={`Copies at ${place.provider} that this device has read itself`} />
        <small>
          {place.proven === 0
            ? "None of these copies has been read by this device yet"
            : `${all ? "All" : place.proven.toLocaleString()} read whole and found right by this device`}
          {place.since ? `; the oldest of these proofs is from ${ago(place.since)}` : ""}.
        </small>
      </div>
    </article>
  );
}

function Holders({ all }: { all: Holder[] }) {
  return (
    <>
      <p class="lead">
        {count(all.length, "key")}, and no other. Neither a provider nor the operator has one of them.
      </p>
      <ul class="cards-list">
        {all.map((holder) => {
          const paper = holder.holder === "recovery words";
          return (
            <li class="card-row" key={holder.key + holder.entry}>
              <span class="tile">
                <Icon name={paper ? "paper" : "laptop"} />
              </span>
              <div class="card-words">
                <strong>
                  <Name of={paper ? "Your recovery words" : holder.holder} />
                </strong>
                <small>
                  since {date(holder.since)} · key <code>{holder.key.slice(0, 8)}</code>
                </small>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

type Kind = "all" | "places" | "own";

const SHOWN = 60;

/** What the service's operator has stated, as this device verified it: nothing of it can be taken back unseen. */
function Timeline() {
  const loaded = useLoad(async (signal) => (await call<{ items: Statement[] }>("log-statements", {}, { signal })).items, []);
  const [kind, setKind] = useState<Kind>("places");
  const [more, setMore] = useState(SHOWN);
  const all = (loaded.value ?? []).toReversed();
  const wanted = all.filter((one) => (kind === "all" ? true : kind === "own" ? one.own : one.time !== null));
  return (
    <section aria-labelledby="log-title">
      <div class="section-head">
        <h2 id="log-title">What the operator has stated</h2>
        <div class="tabs" role="group" aria-label="Which statements">
          {(
            [
              ["places", "Regions & providers"],
              ["own", "Your account"],
              ["all", "All"],
            ] as [Kind, string][]
          ).map(([value, label]) => (
            <button key={value} aria-pressed={kind === value} onClick={() => setKind(value)}>
              {label}
            </button>
          ))}
        </div>
      </div>
      <Audit />
      {loaded.error && !loaded.value ? (
        <Failed error={loaded.error} again={loaded.again} />
      ) : !loaded.value ? (
        <Waiting />
      ) : wanted.length === 0 ? (
        <p class="none">Nothing of this kind stands in the log.</p>
      ) : (
        <ol class="timeline">
          {wanted.slice(0, more).map((one) => (
            <li key={one.index}>
              <span class="timeline-icon">
                <Icon name={iconOf(one)} size={16} />
              </span>
              <div>
                <strong>
                  {capital(one.kind)}
                  {one.about && (
                    <>
                      : <Name of={one.about} />
                    </>
                  )}
                </strong>
                <p>
                  <Name of={one.words} />
                </p>
                <small>
                  {one.time ? moment(one.time) : "no time is stated"} · entry {one.index.toLocaleString()}
                </small>
              </div>
            </li>
          ))}
        </ol>
      )}
      {wanted.length > more && (
        <button class="button" onClick={() => setMore(more + SHOWN * 5)}>
          Show older ones
        </button>
      )}
      <p class="fine">The log is not independently witnessed: a service could keep two, as long as your devices never compare notes. They do with every change.</p>
    </section>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function iconOf(statement: Statement): IconName {
  if (statement.kind.startsWith("provider") || statement.kind.includes("evaluation")) return "server";
  if (statement.kind.startsWith("region")) return "where";
  return statement.own ? "laptop" : "check";
}

interface LogReport {
  size: number;
  regions: number;
  providers: number;
  ownHeads: number;
  problems: { where: string; code: string; message: string }[];
}

/** Replays the whole log as it is served now. */
function Audit() {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [report, setReport] = useState<LogReport | null>(null);
  const [error, setError] = useState<Problem | null>(null);
  const run = async () => {
    setError(null);
    setReport(null);
    setProgress({ label: "", done: 0, total: -1, unit: "" });
    try {
      setReport(await call<LogReport>("audit-log", {}, { progress: setProgress }));
    } catch (failure) {
      setError(asProblem(failure));
    }
    setProgress(null);
  };
  return (
    <div class="audit">
      {error && <Failed error={error} />}
      {progress ? (
        <Bar done={progress.done} total={progress.total} label="Checking the log" />
      ) : (
        <button class="button" onClick={() => void run()}>
          <Icon name="devices" /> Check the whole log now
        </button>
      )}
      {report && report.problems.length === 0 && (
        <p class="good-line" role="status">
          <Icon name="check" /> All {count(report.size, "entry", "entries")} are in order, your own {count(report.ownHeads, "entry", "entries")} among them.
        </p>
      )}
      {report && report.problems.length > 0 && <Troubles all={report.problems} />}
    </div>
  );
}
