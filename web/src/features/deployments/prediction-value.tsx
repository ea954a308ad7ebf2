import type { Prediction } from "@causeway/contract";
import { useWords } from "../../lib/words.tsx";

/** An answer in one line: the value, and the score of the class that was chosen. */
export function PredictionValue({ of: { value, scores } }: { of: Prediction }) {
  const { format } = useWords();
  const chosen =
    typeof value === "string" || typeof value === "boolean" ? scores?.[String(value)] : undefined;
  return (
    <>
      <b>
        {typeof value === "number"
          ? format.plain(value)
          : typeof value === "string"
            ? value
            : JSON.stringify(value)}
      </b>
      {chosen === undefined ? null : <span className="quiet"> {format.metric(chosen)}</span>}
    </>
  );
}
