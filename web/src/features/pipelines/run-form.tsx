import type { PipelineVersion } from "@causeway/contract";
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { useGo } from "../../components/go.tsx";
import { useAction } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { flagsOf, paramFields, readParams } from "./params-form.ts";

/** What compiled pipelines say of every param that is a dataset. */
const DATASET_PARAM = "A dataset version: name@latest or name@version";

/** Starts a run: a field per param with its default, and the same as a command. */
export function RunForm({ version, close }: { version: PipelineVersion; close: () => void }) {
  const { t } = useWords();
  const scope = useScope();
  const go = useGo();
  const start = useAction(["pipelines", "startRun"]);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [fresh, setFresh] = useState(false);
  const [wrong, setWrong] = useState<{ field: string; rule: "required" | "number" | "integer" | "json" }>();
  const fields = paramFields(version.definition.paramsSchema);
  const helpOf = (help: string) =>
    help === DATASET_PARAM ? t("pipelines.datasetParam") : help === "" ? undefined : help;
  const change = (name: string, text: string) => setTexts((before) => ({ ...before, [name]: text }));

  const submit = () => {
    const read = readParams(fields, texts);
    if ("rule" in read) {
      setWrong(read);
      return;
    }
    setWrong(undefined);
    start.mutate(
      { pipeline: version.pipeline, params: read.params, fresh },
      { onSuccess: (run) => go(places.pipelineRun(scope, run)) },
    );
  };
  return (
    <ActionForm
      title={t("pipelines.runNamed", { pipeline: version.pipeline })}
      hint={t("pipelines.runHint")}
      action={start}
      onSubmit={submit}
      submit={{ label: t("pipelines.run"), permission: "pipelines:write" }}
      cancel={close}
      command={[
        commandLine(
          scope,
          `pipelines run ${version.pipeline}${flagsOf(fields, texts)}${fresh ? " --fresh" : ""}`,
        ),
      ]}
      isChecked
    >
      {fields.map((field) => {
        const label = version.definition.datasetParams.includes(field.name)
          ? `${field.name} (${t("kinds.dataset")})`
          : field.name;
        const error = wrong?.field === field.name ? t(`pipelines.rule.${wrong.rule}`) : undefined;
        const value = texts[field.name] ?? field.initial;
        if (field.kind === "choice" || field.kind === "boolean") {
          return (
            <Select
              key={field.name}
              label={label}
              description={helpOf(field.help)}
              data={field.kind === "boolean" ? ["true", "false"] : field.choices}
              value={value === "" ? null : value}
              onChange={(next) => change(field.name, next ?? "")}
              error={error}
              maw={360}
            />
          );
        }
        return (
          <TextInput
            key={field.name}
            label={label}
            description={helpOf(field.help)}
            value={value}
            onChange={(event) => change(field.name, event.currentTarget.value)}
            inputMode={field.kind === "number" || field.kind === "integer" ? "decimal" : "text"}
            error={error}
            maw={360}
          />
        );
      })}
      <Checkbox
        label={t("pipelines.fresh")}
        checked={fresh}
        onChange={(event) => setFresh(event.currentTarget.checked)}
      />
    </ActionForm>
  );
}
