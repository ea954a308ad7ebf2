import { type ReactNode, useEffect, useState } from "react";
import type { Answer } from "../lib/api.ts";
import { useWords } from "../lib/words.tsx";
import { ErrorNote } from "./error-note.tsx";

/** Nothing is drawn for a wait shorter than this, so that quick answers do not flicker. */
const SKELETON_AFTER_MS = 400;

/** An answer in each of its states: its skeleton after 400 ms, its error in its place, its data. A failed part fails alone. */
export function Loaded<Data>({
  answer,
  skeleton,
  children,
}: {
  answer: Answer<Data>;
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
}) {
  if (answer.data !== undefined) {
    return (
      <>
        {answer.error === null ? null : (
          <ErrorNote error={answer.error} retry={() => void answer.refetch()} />
        )}
        {children(answer.data)}
      </>
    );
  }
  if (answer.error !== null) return <ErrorNote error={answer.error} retry={() => void answer.refetch()} />;
  return <Slowly>{skeleton ?? <RowsSkeleton />}</Slowly>;
}

/** Shows its content only when the wait has become long enough to be noticed. */
export function Slowly({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t("shell.loading")} aria-busy="true">
      {shown ? children : null}
    </div>
  );
}

/** Widths of the bones of one row, in per cent of their cell, so that rows look like rows of text. */
const BONES = [72, 48, 60, 40, 56, 44];

/** The rows of a table that is on its way. */
export function RowsSkeleton({ rows = 6, columns = 5 }: { rows?: number; columns?: number }) {
  return (
    <table className="table" aria-hidden="true">
      <tbody>
        {Array.from({ length: rows }, (_, row) => `row ${row}`).map((row, position) => (
          <tr key={row}>
            {BONES.slice(0, columns).map((width, column) => (
              <td key={width}>
                <span
                  className="bone"
                  style={{ width: `${column === 0 ? width - ((position * 13) % 30) : width}%` }}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A picture that is on its way: its ground in its height. */
export function PictureSkeleton({ height }: { height: number }) {
  return <span className="bone" style={{ height, borderRadius: "var(--radius-panel)" }} aria-hidden="true" />;
}
