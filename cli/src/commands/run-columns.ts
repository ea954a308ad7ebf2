import { parseOrder, type Run, type SearchField } from "@causeway/contract";

/** A column of a table of runs: the field that it is named for, and what a run has there. */
export type RunColumn = {
  readonly field: SearchField;
  readonly read: (run: Run) => string | number | null;
};

/** Reads names of columns as a search names fields. */
export function readColumns(names: readonly string[]): RunColumn[] {
  return names.map((name) => {
    const { field } = parseOrder(name, { entity: "runs" });
    return { field, read: (run) => readField(run, field) };
  });
}

function readField(run: Run, { group, key }: SearchField): string | number | null {
  switch (group) {
    case "metric": {
      const value = run.metrics.find(({ name }) => name === key)?.last.value;
      return value === undefined ? null : Number(value);
    }
    case "param":
      return run.params[key] ?? null;
    case "tag":
      return run.tags[key] ?? null;
    default:
      return attributeOf(run, key);
  }
}

function attributeOf(run: Run, key: string): string | null {
  switch (key) {
    case "run_id":
      return run.id;
    case "run_name":
      return run.name;
    case "status":
      return run.state;
    case "start_time":
      return run.startedAt;
    case "end_time":
      return run.endedAt;
    case "user_id":
      return run.user;
    default:
      return null;
  }
}
