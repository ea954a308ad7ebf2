import { Select, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useGo, useView } from "../../components/go.tsx";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { fromLocal, toLocal } from "./local-time.ts";

const TRUTHS = ["known", "unknown", "wrong"] as const;

/** What the log is narrowed to, as its address says it. */
export function useLogFilter() {
  const [version] = useView("version");
  const [from] = useView("from");
  const [until] = useView("until");
  const [key] = useView("key");
  const [truth] = useView("truth");
  const number = Number.parseInt(version, 10);
  const chosen = TRUTHS.find((known) => known === truth);
  return {
    ...(Number.isInteger(number) && number > 0 ? { version: number } : {}),
    ...(isMoment(from) ? { from: new Date(from).toISOString() } : {}),
    ...(isMoment(until) ? { until: new Date(until).toISOString() } : {}),
    ...(key === "" ? {} : { key }),
    ...(chosen === undefined ? {} : { truth: chosen }),
  };
}

/** The fields that narrow the log; each stands in the address. */
export function LogFilters({ deployment, keyName }: { deployment: string; keyName: string | null }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const [id, setId] = useState("");
  const [truth, setTruth] = useView("truth");
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim() !== "") go(places.prediction(scope, deployment, id.trim()));
  };
  return (
    <form className="filters" onSubmit={find}>
      <TextInput
        data-filter
        aria-label={t("deployments.byId")}
        placeholder={t("deployments.byId")}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        w={240}
      />
      <TextField field="version" label={t("words.version")} width={90} numeric />
      {keyName === null ? null : <TextField field="key" label={keyName} width={140} />}
      <TimeField field="from" label={t("deployments.from")} />
      <TimeField field="until" label={t("deployments.until")} />
      <Select
        aria-label={t("deployments.truth")}
        placeholder={t("deployments.anyTruth")}
        data={TRUTHS.map((each) => ({ value: each, label: t(`deployments.truthFilter.${each}`) }))}
        value={truth === "" ? null : truth}
        onChange={(value) => setTruth(value ?? "")}
        clearable
        w={170}
      />
    </form>
  );
}

/** Typed letters wait this long, so that not every one of them asks the log. */
const TYPING_MS = 350;

function TextField({
  field,
  label,
  width,
  numeric = false,
}: {
  field: string;
  label: string;
  width: number;
  numeric?: boolean;
}) {
  const [kept, keep] = useView(field);
  const [text, setText] = useState(kept);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (text === kept) return;
    const timer = setTimeout(() => keep(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      inputMode={numeric ? "numeric" : "text"}
      w={width}
    />
  );
}

function TimeField({ field, label }: { field: string; label: string }) {
  const [kept, keep] = useView(field);
  return (
    <span className="time-field">
      <span className="quiet small">{label}</span>
      <TextInput
        type="datetime-local"
        aria-label={label}
        value={toLocal(kept)}
        onChange={(event) => keep(fromLocal(event.currentTarget.value))}
        w={190}
      />
    </span>
  );
}

function isMoment(text: string): boolean {
  return text !== "" && !Number.isNaN(Date.parse(text));
}
