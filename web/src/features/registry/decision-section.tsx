import type { ModelVersion } from "@causeway/contract";
import { useState } from "react";
import { useView } from "../../components/go.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Column } from "../../components/page-frame.tsx";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";
import { ApprovalPanel } from "./approval-panel.tsx";
import { approvalInQuestion } from "./approval-right.ts";
import { AssignAlias } from "./assign-alias.tsx";
import { EvaluationView } from "./evaluation-view.tsx";
import { GateForm } from "./gate-form.tsx";
import { GateList } from "./gate-list.tsx";
import { GateView } from "./gate-view.tsx";
import { ReportView } from "./report-view.tsx";
import { GoldenRows } from "./version-facts.tsx";
import { VersionHistory } from "./version-history.tsx";

/** The gate's verdict beside the decision; on a phone the decision and its figures come first. */
export function DecisionSection({
  version,
  champion,
  championNumber,
}: {
  version: ModelVersion;
  champion: ModelVersion | undefined;
  championNumber: number | undefined;
}) {
  const [chosenApproval] = useView("approval");
  const [chosenGate] = useView("gate");
  const which = { model: version.model, version: version.version };
  const approvals = useAnswer(["registry", "listApprovals"], { model: version.model, limit: 200 });
  const named = useAnswer(
    ["registry", "getApproval"],
    { approval: chosenApproval },
    { enabled: chosenApproval !== "" },
  );
  const gates = useAnswer(["registry", "listGates"], { ...which, limit: 50 });
  const own = gates.data?.items ?? [];
  const approval =
    (chosenApproval === "" ? undefined : named.data) ??
    approvalInQuestion(approvals.data?.items ?? [], { chosen: chosenApproval, version: version.version });
  const gateId = chosenGate === "" ? (approval?.gate ?? own[0]?.id) : chosenGate;
  const gate = useAnswer(["registry", "getGate"], { gate: gateId ?? "" }, { enabled: gateId !== undefined });
  const shown = gateId !== undefined && gate.data?.id === gateId ? gate.data : undefined;
  return (
    <div className="columns open">
      <div className="stack">
        {gateId === undefined ? null : (
          <Loaded answer={gate} skeleton={<PictureSkeleton height={260} />}>
            {(known) => <GateView gate={known} version={version} />}
          </Loaded>
        )}
        <GateList gates={own} shown={gateId} />
        <ReportView version={version} champion={champion} />
        <EvaluationView version={version} />
        <NewGate version={version} hasGate={gateId !== undefined} />
      </div>
      <Column className="decide stack">
        {approval === undefined ? null : <ApprovalPanel approval={approval} gate={shown} />}
        <AssignAlias
          version={version}
          champion={championNumber}
          pending={
            approval?.state === "pending" && approval.version === version.version ? approval : undefined
          }
          gate={shown?.passed === true && shown.version === version.version ? shown : undefined}
        />
        <GoldenRows version={version} />
        <VersionHistory version={version} />
      </Column>
    </div>
  );
}

/** The way to a gate: open where there is none yet. */
function NewGate({ version, hasGate }: { version: ModelVersion; hasGate: boolean }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <Column
      title={hasGate ? t("registry.judgeAgain") : t("registry.noGate")}
      hint={hasGate ? undefined : t("registry.noGateText")}
      right={
        isOpen ? undefined : (
          <button type="button" className="link-button" onClick={() => setOpen(true)}>
            {t("registry.judge")}
          </button>
        )
      }
    >
      {isOpen ? <GateForm version={version} close={() => setOpen(false)} /> : null}
    </Column>
  );
}
