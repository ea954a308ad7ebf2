import { fail } from "@causeway/contract";

const ROW_ID = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(\d{1,9}))?$/;

/** A request of the prediction log, or one row of it. */
export interface PredictionId {
  /** UUIDv7 of the request. */
  readonly request: string;
  /** Row of the request from 0; null where the whole request is meant. */
  readonly row: number | null;
}

/** Reads `<uuid>` or `<uuid>.<row>`; `field` names the parameter that held it. */
export function parsePredictionId(text: string, field: string): PredictionId {
  const match = ROW_ID.exec(text);
  if (match === null) {
    throw fail("INVALID_FIELD", {
      message: `"${text}" is not the id of a prediction`,
      field,
      value: text,
      help: "Send the header causeway-prediction-id of an answer, or one row of it: <id>.<row>.",
    });
  }
  return { request: match[1] ?? "", row: match[2] === undefined ? null : Number(match[2]) };
}

/** When the request was received: the first 48 bits of its UUIDv7 are milliseconds since 1970. */
export function timeOf({ request }: Pick<PredictionId, "request">): Date {
  return new Date(Number.parseInt(request.slice(0, 8) + request.slice(9, 13), 16));
}
