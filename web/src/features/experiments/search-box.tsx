import { type Completion, completeFilter, type SearchError, type SearchKeys } from "@causeway/contract";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Icon } from "../../components/icon.tsx";
import { useWords } from "../../lib/words.tsx";
import { filterParts, readFilterText } from "./filter-text.ts";

/** Options shown at once; more are found by typing on. */
const MOST_SHOWN = 12;

/** The search of runs: a filter in the grammar of MLflow, completed as it is typed, wrong places marked. */
export function SearchBox({
  filter,
  keys,
  onFilter,
}: {
  filter: string;
  keys: SearchKeys | undefined;
  onFilter: (filter: string) => void;
}) {
  const { t } = useWords();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(filter);
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const [problem, setProblem] = useState<SearchError>();
  // The address may change by Back, by a chip or by a kept view.
  useEffect(() => {
    setText(filter);
    setProblem(undefined);
  }, [filter]);

  const found = caret === undefined || keys === undefined ? undefined : completeFilter(text, caret, keys);
  const options = found?.options.slice(0, MOST_SHOWN) ?? [];
  const isOpen = options.length > 0;

  const close = () => {
    setCaret(undefined);
    setActive(-1);
  };
  const submit = (next: string) => {
    const reading = readFilterText(next);
    close();
    if (!reading.ok) {
      setProblem(reading.error);
      return;
    }
    setProblem(undefined);
    setText(reading.filter);
    if (reading.filter !== filter) onFilter(reading.filter);
  };
  const take = (option: Completion) => {
    if (found === undefined) return;
    const isUnfinished = option.text.endsWith(".");
    const head = `${text.slice(0, found.from)}${option.text}${isUnfinished ? "" : " "}`;
    const next = head + text.slice(found.until).trimStart();
    setText(next);
    setActive(-1);
    setCaret(head.length);
    setProblem(undefined);
    // The caret is set after the field has its new text.
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(head.length, head.length);
    });
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = options[active];
    if (step !== undefined) {
      event.preventDefault();
      if (!isOpen) setCaret(event.currentTarget.selectionStart ?? text.length);
      else setActive((active + step + options.length + 1) % (options.length + 1));
    } else if ((event.key === "Enter" || event.key === "Tab") && isOpen && option !== undefined) {
      event.preventDefault();
      take(option);
    } else if (event.key === "Enter") {
      event.preventDefault();
      submit(text);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (isOpen) close();
      else {
        setText(filter);
        setProblem(undefined);
      }
    }
  };
  return (
    <div className="search-box">
      <div className="search-field" data-wrong={problem !== undefined || undefined}>
        <Icon name="search" size={14} />
        <input
          ref={input}
          data-filter
          role="combobox"
          aria-label={t("runList.search")}
          aria-expanded={isOpen}
          aria-controls={`${id}-options`}
          aria-autocomplete="list"
          aria-activedescendant={active >= 0 && isOpen ? `${id}-${active}` : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          autoComplete="off"
          spellCheck={false}
          placeholder={t("experiments.filterHint")}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
            setActive(-1);
            setProblem(undefined);
          }}
          onKeyDown={onKey}
          onBlur={() => {
            close();
            if (text.trim() !== filter) submit(text);
          }}
        />
        {text === "" ? null : (
          <button
            type="button"
            className="link-button"
            aria-label={t("runList.clearSearch")}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => submit("")}
          >
            <Icon name="close" size={12} />
          </button>
        )}
      </div>
      <div
        id={`${id}-options`}
        role="listbox"
        aria-label={t("runList.completions")}
        hidden={!isOpen}
        className="completions"
      >
        {options.map((option, index) => (
          // Focus stays in the field, whose arrows choose: the pattern of a combobox.
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={`${option.kind} ${option.text}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(option)}
          >
            <code>{option.text}</code>
            {option.note === "" ? null : <span className="quiet small">{option.note}</span>}
          </div>
        ))}
      </div>
      {problem === undefined ? null : <Problem id={`${id}-problem`} text={text} problem={problem} />}
    </div>
  );
}

/** What is wrong with a filter: the text with the place marked, and what could stand there. */
function Problem({ id, text, problem }: { id: string; text: string; problem: SearchError }) {
  const { t } = useWords();
  const { at, length } = problem;
  const wrong = text.slice(at, at + Math.max(1, length));
  return (
    <div id={id} role="alert" className="search-problem">
      <code>
        {text.slice(0, at)}
        <mark>{wrong === "" ? "\u00a0" : wrong}</mark>
        {text.slice(at + Math.max(1, length))}
      </code>
      <p>
        <b>{problem.message}</b> <span className="quiet">{t("runList.atPlace", { place: at + 1 })}</span>
      </p>
    </div>
  );
}

/** The parts of the filter, each to be taken out by itself. */
export function FilterChips({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  const { t } = useWords();
  const parts = filterParts(filter);
  if (parts.length === 0) return null;
  return (
    <ul className="chips" aria-label={t("runList.filterParts")}>
      {parts.map((part, index) => (
        // The same part may stand in a filter twice.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={`${index} ${part.text}`}>
          <code>{part.text}</code>
          <button
            type="button"
            className="link-button"
            aria-label={t("runList.removePart", { part: part.text })}
            onClick={() => onFilter(part.without)}
          >
            <Icon name="close" size={11} />
          </button>
        </li>
      ))}
    </ul>
  );
}
