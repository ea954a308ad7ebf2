import { openAsBlob } from "node:fs";
import { rm } from "node:fs/promises";
import { type CausewayError, fail } from "@causeway/contract";
import { z } from "zod";
import { download } from "./download.ts";
import { createStallWatch, Passing, type Patience, patiently, reasonOf } from "./patience.ts";
import type { ScratchFolder } from "./scratch-folder.ts";
import type { OpenFile, SourceFile } from "./source.ts";

/** Where a live MLflow server is, and as whom and how patiently to ask it. */
export type MlflowAnswersParts = {
  url: string;
  authorization: string | undefined;
  /** Where files lie between the server and here; made when the first one comes. */
  openScratch: () => Promise<ScratchFolder>;
  patience?: Patience;
};

/** What is asked of an MLflow server. */
export type MlflowAnswers = ReturnType<typeof createMlflowAnswers>;

const PATIENCE: Patience = { tries: 5, firstWaitMs: 250, answerMs: 120_000, stallMs: 30_000 };
const LONGEST_REFUSAL = 300;

/** Asks a live MLflow server: JSON and files. A server may be busy or break off: what another try may mend is tried again. */
export function createMlflowAnswers({
  url,
  authorization,
  openScratch,
  patience = PATIENCE,
}: MlflowAnswersParts) {
  const base = url.replace(/\/+$/, "");
  let scratch: Promise<ScratchFolder> | undefined;

  /** One try; a refusal that stays is thrown as what it is. */
  async function once(path: string, options: RequestInit): Promise<Response> {
    const headers = { ...options.headers, ...(authorization === undefined ? {} : { authorization }) };
    const response = await fetch(`${base}${path}`, { ...options, headers }).catch((cause: unknown) => {
      const isOver = options.signal?.aborted === true;
      throw new Passing(isOver ? reasonOf(options.signal?.reason) : reasonOf(cause), { cause });
    });
    if (response.ok) return response;
    const said = (await response.text().catch(() => "")).slice(0, LONGEST_REFUSAL);
    const refusal = `answered ${response.status} to ${path}: ${said}`;
    if (response.status >= 500 || response.status === 429 || response.status === 416)
      throw new Passing(refusal);
    const secret = response.status === 401 || response.status === 403;
    throw fail(secret ? "UNAUTHENTICATED" : "BAD_DATA", {
      message: `the MLflow server ${refusal}`,
      field: "source",
      value: base,
      help: secret
        ? "Give --source-token-file, or write http://name:password@… as its address."
        : "Is this the address of an MLflow server, without a path?",
    });
  }

  async function textOf(path: string, options: RequestInit): Promise<string> {
    const watch = createStallWatch();
    watch.allow(patience.answerMs);
    try {
      const response = await once(path, { ...options, signal: watch.signal });
      return await response.text().catch((cause: unknown) => {
        throw new Passing(`the answer to ${path} broke off: ${reasonOf(cause)}`, { cause });
      });
    } finally {
      watch.end();
    }
  }

  async function json<Answer extends z.ZodType>(
    schema: Answer,
    path: string,
    body?: unknown,
  ): Promise<z.output<Answer>> {
    const options: RequestInit =
      body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const text = await patiently(patience, () => textOf(path, options)).catch((error: unknown) => {
      throw error instanceof Passing ? unavailable(error) : error;
    });
    const answer = schema.safeParse(parsed(text));
    if (answer.success) return answer.data;
    const [issue] = answer.error.issues;
    throw fail("BAD_DATA", {
      message: `${base}${path} answers what MLflow would not: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
      field: "source",
      value: base,
      help: "Is this the address of an MLflow server, without a path?",
      cause: answer.error,
    });
  }

  function unavailable(cause: Passing): CausewayError {
    return fail("UNAVAILABLE", {
      message: `the MLflow server at ${base} cannot be reached, or gives no whole answer: ${cause.message}`,
      field: "source",
      value: base,
      help: "Is it running? Try the address in a browser. Then import again: it goes on where it stopped.",
      cause,
    });
  }

  /** A file of the server: fetched to a disk here when it is opened, and gone from there when it is closed. */
  function file({ path, bytes, from }: { path: string; bytes: number | null; from: string }): SourceFile {
    return { path, bytes, open: () => fetched(from, bytes) };
  }

  async function fetched(from: string, bytes: number | null): Promise<OpenFile> {
    scratch ??= openScratch();
    const to = (await scratch).newFile();
    const close = () => rm(to, { force: true });
    try {
      const ask = (headers: Record<string, string>, signal: AbortSignal) => once(from, { headers, signal });
      const { digest } = await download({ ask, to, bytes, patience });
      return { blob: await openAsBlob(to), digest, close };
    } catch (error) {
      await close();
      throw error instanceof Passing ? await ofThisFile(error, from) : error;
    }
  }

  /** One file that cannot be had is left out; a server that is gone ends the import. */
  async function ofThisFile(cause: Passing, from: string): Promise<CausewayError> {
    await json(z.unknown(), "/api/2.0/mlflow/experiments/search", { max_results: 1 });
    return fail("BAD_DATA", {
      message: `the MLflow server gives no whole file in ${patience.tries} tries: ${cause.message}`,
      field: "source",
      value: `${base}${from}`,
      help: "Import again: what has come is passed over, what is missing is asked for once more.",
      cause,
    });
  }

  return { base, json, file, close: async () => void (await (await scratch)?.close()) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
