import type { JudgedPrediction } from "@causeway/contract";
import { Autocomplete, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionForm } from "../../components/action-form.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { RightButton } from "../../components/right-button.tsx";
import { useAction, useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";
import { TruthCell } from "./truth-cell.tsx";
import { truthValueOf } from "./truth-reading.ts";

/** What turned out to be true of one answer: what is known, its history, and the way to say or correct it. */
export function TruthOf({ row }: { row: JudgedPrediction }) {
  const { t } = useWords();
  const truths = useAnswer(["deployments", "listTruths"], { prediction: row.id });
  const version = useAnswer(["registry", "getVersion"], { model: row.model, version: row.version });
  const record = useAction(["deployments", "recordTruth"]);
  const [text, setText] = useState("");
  const [when, setWhen] = useState("");
  const signature = version.data?.signature;
  const classes = signature?.classes ?? Object.keys(row.prediction.scores ?? {});
  const task = signature?.task ?? (classes.length > 0 ? "classification" : "other");
  const value = truthValueOf(text, task);
  const occurredAt = when === "" ? undefined : new Date(when);
  const isReadable = occurredAt === undefined || !Number.isNaN(occurredAt.getTime());
  const send = (of: typeof value | null) => {
    if (of === undefined) return;
    record.mutate(
      {
        deployment: row.deployment,
        records: [
          {
            predictionId: row.id,
            value: of,
            ...(occurredAt === undefined ? {} : { occurredAt: occurredAt.toISOString() }),
          },
        ],
      },
      { onSuccess: () => setText("") },
    );
  };
  const submit = () => {
    send(value);
  };
  const history = truths.data?.items ?? [];
  return (
    <div>
      <SectionHead title={t("deployments.truth")} />
      <p>
        <TruthCell of={row} />
        {row.truth === null ? null : (
          <span className="quiet">
            {" "}
            {t("deployments.toldBy", { who: row.truth.recordedBy.name })} <Moment at={row.truth.recordedAt} />
          </span>
        )}
      </p>
      {history.length < 2 ? null : (
        <>
          <p className="quiet small">{t("deployments.corrected", { count: history.length - 1 })}</p>
          <ul className="small">
            {history.slice(1).map((truth) => (
              <li key={truth.recordedAt}>
                <s>{truth.value === null ? t("deployments.takenBack") : String(truth.value)}</s>{" "}
                <span className="quiet">
                  {truth.recordedBy.name}, <Moment at={truth.recordedAt} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <ActionForm
        className="truth-form"
        action={record}
        onSubmit={submit}
        submit={{
          label: row.truth === null ? t("deployments.sayTruth") : t("deployments.correctTruth"),
          permission: "deployments:write",
          isReady: value !== undefined && isReadable,
        }}
        beside={
          row.truth === null || row.truth.value === null ? null : (
            <RightButton
              permission="deployments:write"
              disabled={record.isPending}
              onClick={() => send(null)}
            >
              {t("deployments.takeBack")}
            </RightButton>
          )
        }
      >
        <div className="row">
          {classes.length > 0 && classes.length <= 50 ? (
            <Select
              label={t("deployments.whatWasTrue")}
              data={[...classes]}
              value={text === "" ? null : text}
              onChange={(next) => setText(next ?? "")}
              w={180}
            />
          ) : classes.length > 50 ? (
            <Autocomplete
              label={t("deployments.whatWasTrue")}
              data={[...classes]}
              value={text}
              onChange={setText}
              w={180}
            />
          ) : (
            <TextInput
              label={t("deployments.whatWasTrue")}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              inputMode={task === "regression" ? "decimal" : "text"}
              w={180}
            />
          )}
          <TextInput
            type="datetime-local"
            label={t("deployments.trueSince")}
            value={when}
            onChange={(event) => setWhen(event.currentTarget.value)}
            w={210}
          />
        </div>
      </ActionForm>
    </div>
  );
}
