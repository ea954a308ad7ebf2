import { useEffect, useState } from "react";
import { useWords } from "../lib/words.tsx";
import { Icon } from "./icon.tsx";

/** Copies text; for two seconds after it did, `done` is true. */
export function useCopy(): { done: boolean; copy: (text: string) => void } {
  const [copies, setCopies] = useState(0);
  useEffect(() => {
    if (copies === 0) return;
    const timer = setTimeout(() => setCopies(0), 2_000);
    return () => clearTimeout(timer);
  }, [copies]);
  const copy = (text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setCopies((count) => count + 1),
      // Without the right to the clipboard the text stays selectable on the page.
      () => setCopies(0),
    );
  };
  return { done: copies > 0, copy };
}

/** A button that copies. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useWords();
  const { done, copy } = useCopy();
  return (
    <button type="button" className="tool" onClick={() => copy(text)}>
      <Icon name={done ? "check" : "copy"} size={14} />
      <span aria-live="polite">{done ? t("shell.copied") : (label ?? t("shell.copy"))}</span>
    </button>
  );
}

/** A command line, ready to copy. */
export function Command({ line }: { line: string }) {
  return (
    <div className="command">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls, and must do so by keyboard too */}
      <code tabIndex={0}>{line}</code>
      <CopyButton text={line} />
    </div>
  );
}

/** An id or digest in its short form; a click copies the whole of it. */
export function CopyId({ id, short }: { id: string; short?: string }) {
  const { t } = useWords();
  const { done, copy } = useCopy();
  return (
    <button
      type="button"
      className="copy-id"
      title={done ? t("shell.copied") : t("shell.copyWhole", { id })}
      onClick={(event) => {
        event.stopPropagation();
        copy(id);
      }}
    >
      <code>{short ?? id}</code>
      {done ? <Icon name="check" size={12} /> : null}
    </button>
  );
}
