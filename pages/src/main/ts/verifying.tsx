// Checks that everything is stored, and with time enough that every byte of it opens.

import { useRef, useState } from "preact/hooks";
import { call, type Problem, type Progress, type Trouble } from "./api";
import { bytes, count } from "./format";
import { Icon } from "./icons";
import { asProblem, Bar, Failed, Troubles } from "./ui";

interface Report {
  entries: number;
  packs: number;
  packBytes: number;
  chunks: number;
  files: number;
  problems: Trouble[];
}

export function CheckCard() {
  const [full, setFull] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [error, setError] = useState<Problem | null>(null);
  const stop = useRef<AbortController | null>(null);
  const run = async () => {
    stop.current = new AbortController();
    setError(null);
    setReport(null);
    setProgress({ label: "", done: 0, total: -1, unit: "" });
    try {
      setReport(await call<Report>("verify", { full }, { progress: setProgress, signal: stop.current.signal }));
    } catch (failure) {
      if (!stop.current.signal.aborted) setError(asProblem(failure));
    }
    setProgress(null);
  };
  return (
    <article class="card">
      <header class="card-head">
        <span class="tile">
          <Icon name="devices" />
        </span>
        <div>
          <h3>Check everything</h3>
          <small>That the logs are genuine and every pack is stored.</small>
        </div>
      </header>
      <label class="tick">
        <input type="checkbox" checked={full} disabled={progress !== null} onChange={(event) => setFull(event.currentTarget.checked)} />
        Also read and open every byte (takes as long as fetching it all)
      </label>
      {progress ? (
        <>
          <Bar done={progress.done} total={progress.total} label="Checking" />
          <button class="button" onClick={() => stop.current?.abort()}>
            Stop
          </button>
        </>
      ) : (
        <button class="button" onClick={() => void run()}>
          Check now
        </button>
      )}
      {error && <Failed error={error} />}
      {report && report.problems.length === 0 && (
        <p class="good-line" role="status">
          <Icon name="check" />
          <span>
            {count(report.packs, "pack")} ({bytes(report.packBytes)}) and {count(report.entries, "entry", "entries")} are in order
            {report.chunks > 0 ? `; ${count(report.chunks, "piece")} of ${count(report.files, "file")} were opened` : ""}.
          </span>
        </p>
      )}
      {report && report.problems.length > 0 && <Troubles all={report.problems} />}
    </article>
  );
}
