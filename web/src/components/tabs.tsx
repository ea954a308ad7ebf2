import type { ReactNode } from "react";
import { useView } from "./go.tsx";

/** The views of one page. The chosen one stands in the address. */
export function Tabs<Key extends string>({
  label,
  tabs,
  view = "tab",
  children,
}: {
  label: string;
  /** The first is open when the address says nothing. */
  tabs: ReadonlyArray<readonly [key: Key, name: ReactNode]>;
  view?: string;
  children: (open: Key) => ReactNode;
}) {
  const first = tabs[0]?.[0];
  const [chosen, choose] = useView(view, first ?? "");
  const open = tabs.find(([key]) => key === chosen)?.[0] ?? first;
  return (
    <>
      <nav className="tabs" aria-label={label}>
        {tabs.map(([key, name]) => (
          <a
            key={key}
            href={key === first ? location.pathname : `?${view}=${key}`}
            aria-current={key === open ? "true" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              choose(key);
            }}
          >
            {name}
          </a>
        ))}
      </nav>
      {open === undefined ? null : children(open)}
    </>
  );
}

/** A choice of a few, side by side; the chosen one stands in the address. */
export function ChoiceOf<Key extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: ReadonlyArray<readonly [key: Key, name: ReactNode]>;
  value: Key;
  onChange: (key: Key) => void;
}) {
  return (
    <fieldset className="choice" aria-label={label}>
      {options.map(([key, name]) => (
        <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
