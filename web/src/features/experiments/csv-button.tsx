import type { Experiment, SearchKeys } from "@causeway/contract";
import { useRef, useState } from "react";
import { saveText } from "../../components/csv.ts";
import { call } from "../../lib/client.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { orderBy } from "./run-columns.ts";
import { runsCsv } from "./runs-csv.ts";
import type { RunQuery } from "./use-run-query.ts";

const PAGE = 1_000;

/** Every run that the query finds as one CSV, however many; it tells how far it is and can be stopped. */
export function CsvButton({
  experiment,
  query,
  keys,
}: {
  experiment: Experiment;
  query: RunQuery;
  keys: SearchKeys;
}) {
  const { t } = useWords();
  const scope = useScope();
  const [read, setRead] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const stopped = useRef(false);
  const start = async () => {
    stopped.current = false;
    setProblem(undefined);
    setRead(0);
    const csv = runsCsv(keys);
    const parts = [csv.head];
    let rows = 0;
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ask>> = await ask(after);
      parts.push(csv.rows(page.items));
      rows += page.items.length;
      setRead(rows);
      after = page.next;
    } while (after !== null && !stopped.current);
    if (!stopped.current) saveText(`${experiment.name}-runs.csv`, parts);
  };
  const ask = (after: string | null) =>
    call(
      ["experiments", "searchRuns"],
      {
        experiments: [experiment.id],
        filter: query.filter,
        orderBy: orderBy(query.sort),
        life: query.life,
        limit: PAGE,
        ...(after === null ? {} : { after }),
      },
      scope,
    );
  return (
    <>
      <button
        type="button"
        className="button little"
        title={problem}
        onClick={() => {
          if (read !== undefined) stopped.current = true;
          else
            start()
              .catch((error: unknown) => setProblem(String(error)))
              .finally(() => setRead(undefined));
        }}
      >
        {read === undefined ? t("shell.csv") : t("runList.csvStop", { count: read })}
      </button>
      {problem === undefined ? null : (
        <span role="alert" className="is-crit small">
          {problem}
        </span>
      )}
    </>
  );
}
