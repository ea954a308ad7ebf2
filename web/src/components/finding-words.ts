import { type Finding, MISFIT_SENTENCES } from "@causeway/contract";
import type { Format } from "../lib/format.ts";
import type { Translate } from "../lib/words.tsx";

type Words = { t: Translate; format: Format };

/** A finding in the reader's language, with its column; the server's own words where it keeps no figures. */
export function findingText(finding: Finding, words: Words): string {
  const { column } = finding;
  const said = sentence(finding, words);
  return column === null ? said : `${column}: ${said}`;
}

/** Why a row was set aside; what only the server can say stays as it came. */
export function badRowReason(reason: string, { t }: Words): string {
  const type = Object.entries(MISFIT_SENTENCES).find(([, known]) => known === reason)?.[0];
  return isType(type) ? t(`findingFact.misfit.${type}`) : reason;
}

function sentence({ column, rows, message, fact }: Finding, words: Words): string {
  const { t, format } = words;
  switch (fact?.says) {
    case undefined:
      return message;
    case "blanks": {
      const { markers, where } = fact;
      const named = markers.filter((marker) => marker !== "").join(", ");
      const what =
        named === ""
          ? t("findingFact.blanks", { rows })
          : t(markers.includes("") ? "findingFact.blanksOrNothing" : "findingFact.blanksAs", {
              rows,
              markers: named,
            });
      return where === null ? what : t("findingFact.where", { what, ...where });
    }
    case "set-aside":
      return fact.first === null
        ? t("findingFact.setAside", { rows })
        : t("findingFact.setAsideFirst", {
            rows,
            file: fact.first.file,
            line: format.count(fact.first.line),
            reason: badRowReason(fact.first.reason, words),
          });
    case "constant":
      return t("findingFact.constant", { column: column ?? "", value: fact.value });
    case "repeated":
      return t("findingFact.repeated", { rows, column: column ?? "", example: fact.example });
    case "missing-key":
      return t("findingFact.missingKey", { rows, column: column ?? "" });
    default:
      return fact satisfies never;
  }
}

function isType(type: string | undefined): type is keyof typeof MISFIT_SENTENCES {
  return type !== undefined && Object.hasOwn(MISFIT_SENTENCES, type);
}
