import type { Gate } from "@causeway/contract";
import { useView } from "../../components/go.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { useWords } from "../../lib/words.tsx";
import { GateState } from "./gate-view.tsx";

/** Every gate that judged this version; a click shows its verdict. */
export function GateList({ gates, shown }: { gates: readonly Gate[]; shown: string | undefined }) {
  const { t } = useWords();
  const [, setGate] = useView("gate");
  if (gates.length < 2) return null;
  return (
    <div>
      <SectionHead title={t("registry.gates")} hint={t("registry.gatesHint", { count: gates.length })} />
      <ul className="gate-list">
        {gates.map((gate) => (
          <li key={gate.id}>
            <button
              type="button"
              className="link-button"
              aria-pressed={gate.id === shown}
              onClick={() => setGate(gate.id)}
            >
              <GateState gate={gate} />
            </button>{" "}
            <span className="quiet">
              {gate.champion === null
                ? t("registry.againstNone")
                : t("registry.against", { version: gate.champion })}
              , <Moment at={gate.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
