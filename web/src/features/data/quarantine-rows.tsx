import { useState } from "react";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { Pager } from "../../components/pager.tsx";
import { useAnswer } from "../../lib/api.ts";
import { BadRows } from "./bad-rows.tsx";

const PAGE = 50;

/** Rows that were set aside when the version was imported. */
export function QuarantineRows({ of }: { of: { dataset: string; version: string } }) {
  const [offset, setOffset] = useState(0);
  const aside = useAnswer(["data", "listQuarantine"], { ...of, offset, limit: PAGE });
  return (
    <div className="section open">
      <Loaded answer={aside} skeleton={<RowsSkeleton />}>
        {({ rows, total }) => (
          <>
            <BadRows rows={rows} total={total} />
            {total > PAGE ? (
              <div className="section-head">
                <span className="right">
                  <Pager offset={offset} page={PAGE} total={total} onOffset={setOffset} />
                </span>
              </div>
            ) : null}
          </>
        )}
      </Loaded>
    </div>
  );
}
