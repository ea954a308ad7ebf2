import { CausewayError, Import } from "@causeway/contract";
import { Checkbox, FileInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { useGo } from "../../components/go.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { clientOf } from "../../lib/client.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { BadRows } from "./bad-rows.tsx";
import { commandOf, datasetNameOf, type ImportChoice } from "./import-choice.ts";

type Step = { phase: "upload" | "import"; done: number; total: number | null; unit: string };

/** Imports a file from this computer: what it is called, how bad rows are treated, and the same as a command. */
export function ImportForm({ close }: { close: () => void }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const cache = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [choice, setChoice] = useState<ImportChoice>({
    dataset: "",
    key: "",
    onBadRow: "refuse",
    append: false,
  });
  const [step, setStep] = useState<Step | null>(null);
  const change = (next: Partial<ImportChoice>) => setChoice((before) => ({ ...before, ...next }));

  const run = useMutation({
    mutationFn: (onBadRow: ImportChoice["onBadRow"]) => {
      if (file === null) throw new Error(t("data.chooseFile"));
      return clientOf(scope).data.importBlob(
        choice.dataset,
        { name: file.name, blob: file },
        {
          onBadRow,
          append: choice.append,
          ...(choice.key === "" ? {} : { key: choice.key }),
          onProgress: setStep,
        },
      );
    },
    onSettled: () => {
      setStep(null);
      void cache.invalidateQueries({ queryKey: ["data"] });
    },
    onSuccess: ({ version }) => {
      if (version !== null) go(places.datasetVersion(scope, version));
    },
  });
  const submit = () => {
    run.mutate(choice.onBadRow);
  };
  const refused = refusalOf(run.error);

  return (
    <ActionForm
      title={t("data.importTitle")}
      action={run}
      onSubmit={submit}
      submit={{
        label: t("data.import"),
        permission: "data:write",
        isReady: file !== null && choice.dataset !== "",
      }}
      cancel={close}
      command={[commandOf(scope, choice, file?.name ?? "customers.csv")]}
      extra={
        refused?.badRows == null ? null : (
          <>
            <BadRows rows={refused.badRows.first} total={refused.badRows.total} />
            <div className="row">
              <button
                type="button"
                className="button"
                onClick={() => {
                  change({ onBadRow: "quarantine" });
                  run.mutate("quarantine");
                }}
              >
                {t("data.importAside", { count: refused.badRows.total })}
              </button>
            </div>
          </>
        )
      }
    >
      <div className="row">
        <FileInput
          label={t("words.file")}
          placeholder={t("data.chooseFile")}
          accept=".csv,.tsv,.parquet,.jsonl,.ndjson,.json"
          value={file}
          onChange={(next) => {
            setFile(next);
            if (next !== null && choice.dataset === "") change({ dataset: datasetNameOf(next.name) });
          }}
          miw={260}
          required
        />
        <TextInput
          label={t("data.datasetName")}
          value={choice.dataset}
          onChange={(event) => change({ dataset: event.currentTarget.value })}
          pattern="[a-z0-9][a-z0-9._\-]{0,62}"
          required
        />
        <TextInput
          label={`${t("data.keyColumn")} (${t("words.optional")})`}
          value={choice.key}
          onChange={(event) => change({ key: event.currentTarget.value })}
        />
      </div>
      <div className="row">
        <Select
          label={t("data.onBadRow")}
          data={[
            { value: "refuse", label: t("data.refuse") },
            { value: "quarantine", label: t("data.quarantine") },
          ]}
          value={choice.onBadRow}
          onChange={(value) => change({ onBadRow: value === "quarantine" ? "quarantine" : "refuse" })}
          allowDeselect={false}
          miw={260}
        />
        <Checkbox
          label={t("data.append")}
          checked={choice.append}
          onChange={(event) => change({ append: event.currentTarget.checked })}
          mb={6}
        />
      </div>
      {step === null ? null : (
        <ProgressBar
          name={file?.name ?? ""}
          done={step.done}
          total={step.total}
          unit={step.phase === "upload" ? t("data.uploading") : step.unit}
        />
      )}
    </ActionForm>
  );
}

/** The refused import that an error carries, with its first bad rows. */
function refusalOf(error: Error | null): Import | undefined {
  if (!(error instanceof CausewayError)) return undefined;
  const parsed = Import.safeParse(error.cause);
  return parsed.success ? parsed.data : undefined;
}
