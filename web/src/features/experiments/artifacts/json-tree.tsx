import { useState } from "react";
import { useWords } from "../../../lib/words.tsx";

/** Entries shown of one object or list before "more" is asked for. */
const STEP = 100;

/** A JSON value whose objects and lists fold; the first two levels are open. */
export function JsonTree({ value }: { value: unknown }) {
  return (
    <div className="json-tree mono">
      <JsonNode value={value} depth={0} />
    </div>
  );
}

function JsonNode({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  const { t, format } = useWords();
  const [shown, setShown] = useState(STEP);
  const label = name === undefined ? null : <span className="code-name">{name}: </span>;
  if (typeof value !== "object" || value === null) {
    const kind = typeof value === "string" ? "string" : typeof value === "number" ? "number" : "word";
    return (
      <div className="json-leaf">
        {label}
        <span className={`code-${kind}`}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0) {
    return (
      <div className="json-leaf">
        {label}
        {isList ? "[]" : "{}"}
      </div>
    );
  }
  return (
    <details open={depth < 2}>
      <summary>
        {label}
        <span className="quiet">
          {isList ? "[" : "{"} {format.count(entries.length)} {isList ? "]" : "}"}
        </span>
      </summary>
      <div className="json-inside">
        {entries.slice(0, shown).map(([key, each]) => (
          <JsonNode key={key} name={key} value={each} depth={depth + 1} />
        ))}
        {entries.length > shown ? (
          <button type="button" className="link-button" onClick={() => setShown(shown + STEP)}>
            {t("shell.more")}
          </button>
        ) : null}
      </div>
    </details>
  );
}
