import { z } from "zod";
import type { Assessment, Assessments } from "../../lifecycle/experiments/index.ts";
import { mlflowError } from "./errors.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { fromWireAssessment, toKeptExpectation, toWireAssessment, WireAssessment } from "./trace-view.ts";
import { requiredText } from "./wire.ts";

const TEST = "E1/traces";
const ALL = "/3.0/mlflow/traces/:trace_id/assessments";
const ONE = `${ALL}/:assessment_id`;
/** What an assessment may say. */
const KINDS = ["feedback", "expectation", "issue"] as const;
const InOne = z.object({ trace_id: requiredText, assessment_id: requiredText });

/** A list of fields that change, as a list of paths or as the one text that protocol buffers make of it. */
const FieldMask = z.union([
  z.string().transform((text) => text.split(",").map((path) => snake(path.trim()))),
  z.object({ paths: z.array(z.string()) }).transform(({ paths }) => paths),
]);

/** Assessments of the wire: feedback and expectations on traces. */
export function assessmentRoutes(
  { assessments, now }: { assessments: Assessments; now: () => Date },
  newId: () => string,
): MlflowRoute[] {
  return [
    mlflowRoute({
      method: "POST",
      path: ALL,
      permission: "experiments:write",
      input: z.object({ trace_id: requiredText, assessment: WireAssessment }),
      async handle({ trace_id: trace, assessment: given }, call) {
        if (!KINDS.some((kind) => given[kind] !== undefined)) {
          throw mlflowError(
            "INVALID_PARAMETER_VALUE",
            `Unknown assessment type: None. Give the assessment one of ${KINDS.join(", ")}.`,
          );
        }
        // The id is the server's to give.
        const fresh = { ...given, assessment_id: undefined, valid: true };
        const assessment = fromWireAssessment(fresh, { trace, now: now(), newId });
        const overrides = given.overrides === "" ? undefined : given.overrides;
        return { assessment: toWireAssessment(await assessments.create({ assessment, overrides }, call)) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: ONE,
      permission: "experiments:read",
      input: InOne,
      async handle({ trace_id: trace, assessment_id: id }, call) {
        return { assessment: toWireAssessment(await assessments.get({ trace, id }, call)) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "PATCH",
      path: ONE,
      permission: "experiments:write",
      input: InOne.extend({ assessment: z.record(z.string(), z.unknown()), update_mask: FieldMask }),
      async handle({ trace_id: trace, assessment_id: id, assessment, update_mask: paths }, call) {
        const after = await assessments.update({ trace, id }, call, (before) =>
          changed(before, { given: assessment, paths, at: now().toISOString() }),
        );
        return { assessment: toWireAssessment(after) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "DELETE",
      path: ONE,
      permission: "experiments:write",
      input: InOne,
      async handle({ trace_id: trace, assessment_id: id }, call) {
        await assessments.remove({ trace, id }, call, ({ content }) =>
          typeof content.overrides === "string" && content.overrides !== "" ? content.overrides : undefined,
        );
        return {};
      },
      test: TEST,
    }),
  ];
}

/** An assessment after a change: a feedback stays a feedback, metadata is added to. */
function changed(
  before: Assessment,
  { given, paths, at }: { given: Readonly<Record<string, unknown>>; paths: readonly string[]; at: string },
): Pick<Assessment, "name" | "content"> {
  let name = before.name;
  const content: Record<string, unknown> = { ...before.content, last_update_time: at };
  for (const path of paths) {
    switch (path) {
      case "assessment_name":
        name = requiredText.max(250).parse(given.assessment_name);
        content.assessment_name = name;
        break;
      case "expectation":
      case "feedback":
        if (content[path] === undefined) {
          throw mlflowError(
            "INVALID_PARAMETER_VALUE",
            `Cannot update ${path} value on an assessment that is no ${path}.`,
          );
        }
        content[path] = path === "expectation" ? toKeptExpectation(given[path]) : given[path];
        break;
      case "rationale":
        content.rationale = given.rationale;
        break;
      case "metadata":
        content.metadata = { ...asObject(content.metadata), ...asObject(given.metadata) };
        break;
      default:
        throw mlflowError(
          "INVALID_PARAMETER_VALUE",
          `The field '${path}' of an assessment cannot be changed.`,
        );
    }
  }
  return { name, content };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
