import { CausewayError, type ModelVersion, type VersionEvaluation } from "@causeway/contract";
import { Autocomplete } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { errorTitle } from "../../components/error-words.ts";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

const FIELDS = ["dataset", "target", "positive"] as const;
type Field = (typeof FIELDS)[number];

/** Judges a version that came without a report on rows with truth, and says the same as a command. */
export function EvaluationForm({
  version,
  before,
  close,
}: {
  version: ModelVersion;
  /** What was asked last. */
  before: VersionEvaluation | undefined;
  close: () => void;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const datasets = useAnswer(["data", "listDatasets"], { limit: 1000 });
  const evaluate = useAction(["registry", "evaluateVersion"]);
  const [asked, setAsked] = useState<Record<Field, string>>({
    dataset: before === undefined ? "" : `${before.dataset}@latest`,
    target: before?.target ?? version.signature.target ?? "",
    positive: before?.positive ?? "",
  });
  const [name = "", id = "latest"] = asked.dataset.trim().split("@");
  const isKnown = datasets.data?.items.some((dataset) => dataset.name === name) === true;
  const rows = useAnswer(["data", "getVersion"], { dataset: name, version: id }, { enabled: isKnown });
  const inputs = new Set(version.signature.inputs.map((input) => input.name));
  const columns = isKnown && rows.data?.dataset === name ? rows.data.schema.map((column) => column.name) : [];
  const { dataset, target, positive } = {
    dataset: asked.dataset.includes("@") ? asked.dataset.trim() : `${name}@latest`,
    target: asked.target.trim(),
    positive: asked.positive.trim(),
  };
  const submit = () => {
    evaluate.mutate(
      {
        model: version.model,
        version: version.version,
        dataset,
        target,
        ...(positive === "" ? {} : { positive }),
      },
      { onSuccess: close },
    );
  };
  const refused = FIELDS.find(
    (field) => evaluate.error instanceof CausewayError && evaluate.error.field === field,
  );
  const field = (of: Field) => ({
    value: asked[of],
    error: refused === of && evaluate.error !== null ? errorTitle(evaluate.error, { t, format }) : undefined,
    onChange: (value: string) => setAsked((now) => ({ ...now, [of]: value })),
  });
  return (
    <ActionForm
      action={evaluate}
      onSubmit={submit}
      submit={{
        label: t("registry.evaluate"),
        permission: "registry:write",
        isReady: name !== "" && target !== "",
      }}
      cancel={close}
      command={[
        commandLine(
          scope,
          `registry evaluate ${version.model} ${version.version} ${name === "" ? "held-out@latest" : dataset} --target ${target === "" ? "Churn" : quoted(target)}${positive === "" ? "" : ` --positive ${quoted(positive)}`}`,
        ),
      ]}
    >
      <div className="row">
        <Autocomplete
          label={t("registry.judgeRows")}
          description={t("registry.evaluateRowsHelp")}
          data={(datasets.data?.items ?? []).map((each) => `${each.name}@latest`)}
          required
          {...field("dataset")}
        />
        <Autocomplete
          label={t("registry.evaluateTarget")}
          description={t("registry.evaluateTargetHelp")}
          data={columns.filter((column) => !inputs.has(column))}
          required
          {...field("target")}
        />
        {version.signature.task === "regression" ? null : (
          <Autocomplete
            label={`${t("registry.evaluatePositive")} (${t("words.optional")})`}
            description={t("registry.evaluatePositiveHelp")}
            data={[...version.signature.classes]}
            {...field("positive")}
          />
        )}
      </div>
    </ActionForm>
  );
}

function quoted(text: string): string {
  return /[^\w@.,:/-]/.test(text) ? JSON.stringify(text) : text;
}
