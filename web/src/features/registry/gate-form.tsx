import type { GateRule, ModelVersion } from "@causeway/contract";
import { Autocomplete, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { z } from "zod";
import { ActionForm } from "../../components/action-form.tsx";
import { useView } from "../../components/go.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { commandLine } from "../../lib/command-line.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";

const RULES = ["better", "not-worse", "at-least"] as const;
type Rule = (typeof RULES)[number];

/** Judges a version on rows of a dataset by one rule, and says the same as a command. */
export function GateForm({ version, close }: { version: ModelVersion; close: (() => void) | undefined }) {
  const { t } = useWords();
  const scope = useScope();
  const [, showGate] = useView("gate");
  const datasets = useAnswer(["data", "listDatasets"], { limit: 1000 });
  const start = useAction(["registry", "startGate"]);
  const [rows, setRows] = useState("");
  const [against, setAgainst] = useState("champion");
  const [rule, setRule] = useState<Rule>("better");
  const [metric, setMetric] = useState(version.signature.task === "regression" ? "rmse" : "auc");
  const [amount, setAmount] = useState("0");
  const by = Number(amount.replace(",", "."));
  const isFilled = rows !== "" && metric !== "" && Number.isFinite(by);
  const submit = () => {
    start.mutate(
      {
        model: version.model,
        version: version.version,
        rows,
        against: againstOf(against),
        rules: [ruleOf(rule, { metric, by })],
      },
      {
        onSuccess: ({ id }) => {
          showGate(id);
          close?.();
        },
      },
    );
  };
  return (
    <ActionForm
      action={start}
      onSubmit={submit}
      submit={{ label: t("registry.judge"), permission: "registry:write", isReady: isFilled }}
      cancel={close}
      command={[
        commandLine(
          scope,
          `registry gate ${version.model}@${version.version} --rows ${rows === "" ? "customers.test@latest" : rows}${against === "champion" ? "" : ` --against ${against}`} --${rule} ${metric}${rule !== "at-least" && by === 0 ? "" : `:${amount}`}`,
        ),
      ]}
    >
      <div className="row">
        <Autocomplete
          label={t("registry.judgeRows")}
          description={t("registry.judgeRowsHelp")}
          data={(datasets.data?.items ?? []).map(({ name }) => `${name}@latest`)}
          value={rows}
          onChange={setRows}
          required
        />
        <Autocomplete
          label={t("registry.judgeAgainst")}
          description={t("registry.judgeAgainstHelp")}
          data={["champion", "challenger", "none"]}
          value={against}
          onChange={setAgainst}
        />
      </div>
      <div className="row">
        <Select
          label={t("registry.ruleAsks")}
          data={RULES.map((each) => ({ value: each, label: t(`registry.ruleKind.${each}`) }))}
          value={rule}
          onChange={(next) => {
            setRule(next ?? rule);
            setAmount(next === "not-worse" ? "0.01" : "0");
          }}
          allowDeselect={false}
        />
        <TextInput
          label={t("words.metric")}
          value={metric}
          onChange={(event) => setMetric(event.currentTarget.value)}
          w={140}
          required
        />
        <TextInput
          label={rule === "at-least" ? t("registry.floor") : t("registry.by")}
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          inputMode="decimal"
          w={140}
        />
      </div>
    </ActionForm>
  );
}

function againstOf(text: string): number | string | null {
  if (text === "none" || text === "") return null;
  return /^\d+$/.test(text) ? Number(text) : text;
}

function ruleOf(rule: Rule, { metric, by }: { metric: string; by: number }): z.input<typeof GateRule> {
  return rule === "at-least" ? { rule, metric, value: by } : { rule, metric, by };
}
