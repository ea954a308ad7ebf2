import type { Approval } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { useAnswer } from "../../lib/api.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { approvalStatus } from "./approval-right.ts";

const SHOWN = 10;

/** The newest requests to move an alias of a model, each leading to its decision. */
export function ApprovalList({ model }: { model: string }) {
  const { t } = useWords();
  const approvals = useAnswer(["registry", "listApprovals"], { model, limit: SHOWN });
  const items = approvals.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div>
      <SectionHead title={t("registry.approvals")} hint={t("registry.approvalsHint")} />
      <ul className="needs">
        {items.map((approval) => (
          <Row key={approval.id} approval={approval} />
        ))}
      </ul>
    </div>
  );
}

function Row({ approval }: { approval: Approval }) {
  const { t } = useWords();
  const scope = useScope();
  return (
    <li>
      <StatusMark status={approvalStatus(approval.state)} />
      <b>
        <Go className="ink-link" to={places.approval(scope, approval)}>
          {t("registry.aliasTo", { alias: approval.alias, version: approval.version })}
        </Go>
      </b>
      <p>
        {t(`registry.approvalState.${approval.state}`)}
        {approval.decidedBy === null ? "" : `, ${t("shell.madeBy", { who: approval.decidedBy.name })}`},{" "}
        <Moment at={approval.decidedAt ?? approval.requestedAt} />
      </p>
    </li>
  );
}
