import { CHART_TOKENS } from "./chart-series.ts";
import type { Palette } from "./time-chart-option.ts";

const DRAWING_TOKENS = ["ink", "ink-2", "grid", "line-strong", "surface", "raised", "line"] as const;

/** The tokens' colours as the page shows them now; a canvas cannot read `var()` or `light-dark()` itself. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const entries = [...CHART_TOKENS, ...DRAWING_TOKENS].map((token) => [token, colour(token)] as const);
  probe.remove();
  // Object.fromEntries forgets that every token is among the entries.
  return Object.fromEntries(entries) as Palette;
}
