import type { SearchKeys } from "@causeway/contract";
import { Checkbox, Popover, TextInput } from "@mantine/core";
import { useState } from "react";
import { ChoiceOf } from "../../components/tabs.tsx";
import { useWords } from "../../lib/words.tsx";
import {
  ASPECTS,
  ATTRIBUTES,
  COLUMN_KINDS,
  type ColumnKind,
  columnKey,
  type RunColumn,
} from "./run-columns.ts";
import { columnTitle } from "./run-table.tsx";

/** Names offered of one kind; a search narrows them. */
const MOST_OFFERED = 60;

/** Chooses the columns of the table and their order; every change is seen at once. */
export function ColumnChooser({
  columns,
  keys,
  onChange,
}: {
  columns: readonly RunColumn[];
  keys: SearchKeys | undefined;
  onChange: (columns: readonly RunColumn[]) => void;
}) {
  const { t } = useWords();
  const [sought, setSought] = useState("");
  const isShown = (column: RunColumn) => columns.some((each) => columnKey(each) === columnKey(column));
  const toggle = (column: RunColumn) =>
    onChange(
      isShown(column)
        ? columns.filter((each) => columnKey(each) !== columnKey(column))
        : [...columns, column],
    );
  return (
    <Popover position="bottom-end" width={380} trapFocus shadow="none" withinPortal>
      <Popover.Target>
        <button type="button" className="button little">
          {t("runList.columns")}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="chooser" aria-label={t("runList.columns")}>
        <section>
          <h2>{t("runList.shownColumns")}</h2>
          <ul className="chosen-columns">
            {columns.map((column, index) => (
              <li key={columnKey(column)}>
                <span className="grow cut">
                  {column.of === "attributes" ? "" : <span className="quiet">{column.of}. </span>}
                  {columnTitle(column.of === "metrics" ? { ...column, aspect: "last" } : column, t)}
                </span>
                {column.of === "metrics" ? (
                  <select
                    aria-label={t("runList.aspectOf", { metric: column.name })}
                    value={column.aspect}
                    onChange={(event) => {
                      const aspect = ASPECTS.find((known) => known === event.currentTarget.value);
                      if (aspect !== undefined) onChange(columns.with(index, { ...column, aspect }));
                    }}
                  >
                    {ASPECTS.map((aspect) => (
                      <option key={aspect} value={aspect}>
                        {t(`runList.aspect.${aspect}`)}
                      </option>
                    ))}
                  </select>
                ) : null}
                <MoveButton columns={columns} index={index} by={-1} onChange={onChange} />
                <MoveButton columns={columns} index={index} by={1} onChange={onChange} />
                <button
                  type="button"
                  className="link-button"
                  aria-label={t("runList.hideColumn", { column: columnTitle(column, t) })}
                  onClick={() => toggle(column)}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
        </section>
        <Offered sought={sought} setSought={setSought} keys={keys} isShown={isShown} onToggle={toggle} />
        <p className="ways">
          <button type="button" className="link-button" onClick={() => onChange([])}>
            {t("runList.usualColumns")}
          </button>
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}

function MoveButton({
  columns,
  index,
  by,
  onChange,
}: {
  columns: readonly RunColumn[];
  index: number;
  by: -1 | 1;
  onChange: (columns: readonly RunColumn[]) => void;
}) {
  const { t } = useWords();
  const column = columns[index];
  const other = columns[index + by];
  if (column === undefined) return null;
  return (
    <button
      type="button"
      className="link-button"
      disabled={other === undefined}
      aria-label={t(by === -1 ? "runList.moveBefore" : "runList.moveAfter", {
        column: columnTitle(column, t),
      })}
      onClick={() =>
        other === undefined ? undefined : onChange(columns.with(index, other).with(index + by, column))
      }
    >
      {by === -1 ? "↑" : "↓"}
    </button>
  );
}

function Offered({
  sought,
  setSought,
  keys,
  isShown,
  onToggle,
}: {
  sought: string;
  setSought: (text: string) => void;
  keys: SearchKeys | undefined;
  isShown: (column: RunColumn) => boolean;
  onToggle: (column: RunColumn) => void;
}) {
  const { t } = useWords();
  const [kind, setKind] = useState<ColumnKind>("metrics");
  const offered = offeredOf(kind, keys).filter(({ name }) =>
    name.toLowerCase().includes(sought.trim().toLowerCase()),
  );
  return (
    <section>
      <h2>{t("runList.addColumns")}</h2>
      <ChoiceOf
        label={t("runList.addColumns")}
        options={COLUMN_KINDS.map((known) => [known, t(`runList.kind.${known}`)] as const)}
        value={kind}
        onChange={setKind}
      />
      <TextInput
        mt={8}
        aria-label={t("runList.findColumn")}
        placeholder={t("runList.findColumn")}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
      />
      <ul className="offered-columns">
        {offered.slice(0, MOST_OFFERED).map((column) => (
          <li key={columnKey(column)}>
            <Checkbox
              size="xs"
              label={columnTitle(column, t)}
              checked={isShown(column)}
              onChange={() => onToggle(column)}
            />
          </li>
        ))}
      </ul>
      {offered.length === 0 ? <p className="quiet">{t("runList.noColumn")}</p> : null}
      {offered.length > MOST_OFFERED ? (
        <p className="quiet small">{t("runList.moreColumns", { count: offered.length - MOST_OFFERED })}</p>
      ) : null}
    </section>
  );
}

function offeredOf(kind: ColumnKind, keys: SearchKeys | undefined): RunColumn[] {
  switch (kind) {
    case "attributes":
      return ATTRIBUTES.map((name) => ({ of: "attributes", name }));
    case "metrics":
      return (keys?.metrics ?? []).map((name) => ({ of: "metrics", name, aspect: "last" }));
    case "params":
      return (keys?.params ?? []).map((name) => ({ of: "params", name }));
    case "tags":
      return (keys?.tags ?? []).map((name) => ({ of: "tags", name }));
    default:
      return kind satisfies never;
  }
}
