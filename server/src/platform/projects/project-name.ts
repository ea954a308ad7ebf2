import { type CausewayError, ENVIRONMENTS, fail, STAGES } from "@causeway/contract";

/** First segments of paths in use: a page address begins with the project's name. */
const SEGMENTS = [
  "api",
  "ajax-api",
  "v1",
  "v2",
  "go",
  "health",
  "metrics",
  "version",
  "graphql",
  "get-artifact",
  "model-versions",
  "invocations",
  "assets",
  "platform",
  "settings",
];

const TAKEN: readonly string[] = [...ENVIRONMENTS, ...STAGES, ...SEGMENTS];

/** Refuses a name that would make page addresses ambiguous. */
export function checkProjectName(name: string): CausewayError | undefined {
  if (!TAKEN.includes(name)) return undefined;
  return fail("INVALID_FIELD", {
    message: `A project cannot be named ${name}: addresses of pages use the word`,
    field: "name",
    value: name,
    help: `Choose another name; these are in use: ${TAKEN.join(", ")}.`,
  });
}
