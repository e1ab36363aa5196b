// Which regions and providers there are, by the verified log: where the vault is to lie, where it has been, and how each provider
// did in its evaluation. The log states no place on the earth, so this is a map of regions.

import { call, type Place, type Regions, type Standing } from "./api";
import { bytes, count, date } from "./format";
import { useLoad } from "./load";
import { Failed, Name, Waiting } from "./ui";

export function RegionMap({ held, version }: { held: Place[]; version: number }) {
  const loaded = useLoad((signal) => call<Regions>("regions", {}, { signal }), [version]);
  const now = loaded.value;
  return (
    <section aria-labelledby="regions-title">
      <h2 id="regions-title">Regions and providers</h2>
      {loaded.error && !now ? (
        <Failed error={loaded.error} again={loaded.again} />
      ) : now ? (
        <div class="cards">
          {now.regions.map((region) => (
            <article key={region.id} class={`card region ${region.id === now.region ? "chosen" : ""}`}>
              <header class="card-head">
                <div>
                  <h3>
                    <Name of={region.name || region.id} />
                  </h3>
                  <small>
                    jurisdiction: <Name of={region.jurisdiction} />
                    {region.copies > 0 && ` · ${count(region.copies, "copy", "copies")} of each pack`}
                  </small>
                </div>
                {region.id === now.region ? (
                  <span class="badge good">yours</span>
                ) : (
                  now.former.includes(region.id) && <span class="badge off">left</span>
                )}
              </header>
              <Left of={region.id} now={now} />
              <ul>
                {now.standing
                  .filter((provider) => provider.region === region.id)
                  .map((provider) => (
                    <Provider key={provider.id} provider={provider} held={held.find((place) => place.provider === provider.id)} />
                  ))}
              </ul>
            </article>
          ))}
        </div>
      ) : (
        <Waiting />
      )}
      <p class="fine">
        That a provider is where the operator says, and whose it is, is for people to check; the log keeps it from being changed unseen. An evaluation’s report is
        the operator’s to show: it is the right one if its SHA-256 is the one given here.
      </p>
    </section>
  );
}

/** What still lies in a region that the vault has left. */
function Left({ of, now }: { of: string; now: Regions }) {
  const left = now.left.filter((one) => one.region === of);
  if (left.length === 0) return null;
  const size = left.reduce((sum, one) => sum + one.bytes, 0);
  const copies = left.reduce((sum, one) => sum + one.used + one.leaving, 0);
  return (
    <p>
      {count(copies, "copy", "copies")} ({bytes(size)}) still lie here until they are moved, as the service says.
    </p>
  );
}

function Provider({ provider, held }: { provider: Standing; held: Place | undefined }) {
  const evaluated = provider.report !== null;
  return (
    <li class={provider.state === "retired" ? "gone" : ""}>
      <header>
        <strong>
          <Name of={provider.id} />
        </strong>
        <span class={`badge ${provider.state === "active" ? "good" : "off"}`}>{provider.state}</span>
      </header>
      <small>
        owned by <Name of={provider.owner} /> · {provider.state} since {date(provider.since)}
        {provider.share > 0 && ` with ${provider.share / 10} % of new packs`}
        {provider.reason && (
          <>
            {" "}
            · <Name of={provider.reason} />
          </>
        )}
      </small>
      <small>{held ? `holds ${count(held.copies, "pack")} of what is shown above` : "holds nothing of what is shown above"}</small>
      {evaluated ? (
        <details>
          <summary>
            <small>{provider.passed ? "Passed its last evaluation" : "Failed its last evaluation"}</small>
          </summary>
          <small>
            SHA-256 of the report: <code>{provider.report}</code>
          </small>
        </details>
      ) : (
        <small>Not evaluated, or being evaluated anew</small>
      )}
    </li>
  );
}
