import type { RuleVerdict } from "@causeway/contract";
import { useWords } from "../../lib/words.tsx";
import { diamond } from "./diamond.ts";
import { ruleScale, ruleSpan } from "./rule-line.ts";

const BOX = { width: 220, height: 32, zero: 64, inset: 8 };

/** A rule's difference with its interval: zero stands under zero, better is to the right, dots mark the limit. */
export function RulePicture({ verdict }: { verdict: RuleVerdict }) {
  const { t, format } = useWords();
  const span = ruleSpan(verdict);
  if (span === undefined) return null;
  const x = ruleScale(span, BOX);
  const { value, low, high, limit } = span;
  return (
    <svg
      width={BOX.width}
      height={BOX.height}
      role="img"
      aria-label={t("registry.ruleLine", {
        value: format.signed(value),
        interval: low === null || high === null ? "" : `(${format.interval(low, high)})`,
        limit: format.signed(limit),
      })}
    >
      <path d={`M${BOX.zero} 2V30`} stroke="var(--line-strong)" />
      <path d={`M${x(limit)} 4V28`} stroke="var(--crit)" strokeWidth="1.75" strokeDasharray="2 2" />
      {low === null || high === null ? null : (
        <path
          d={`M${x(low)} 16H${x(high)}M${x(low)} 12v8M${x(high)} 12v8`}
          stroke="var(--candidate)"
          strokeWidth="1.75"
        />
      )}
      <path d={diamond(x(value), 16, 5)} fill="var(--candidate)" />
    </svg>
  );
}
