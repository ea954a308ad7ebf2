import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CausewayError,
  type GoldenRow,
  type ModelVersion,
  type Preparation,
  type ScanFinding,
  type Signature,
} from "@causeway/contract";
import { type Call, systemCall } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import { attemptOf, type RunTask } from "../../platform/processes/index.ts";
import type { EnvironmentOf } from "../../platform/python/index.ts";
import { defineWork, type Job, type WorkDefinition } from "../../platform/work/index.ts";
import { isRepeatable, learnSignature } from "./learned-signature.ts";
import { ML_MODEL_FILE, readMlModel, signatureOf } from "./mlmodel.ts";
import { createModelEnvironments } from "./model-environment-service.ts";
import { layModelFolder } from "./model-folder-writer.ts";
import type { ModelInspection } from "./model-inspection.ts";
import type { ModelProgram } from "./model-program.ts";
import { PREPARE_KIND } from "./preparation-service.ts";
import { preparationStore, type VersionKey } from "./preparation-store.ts";
import { PREPARING } from "./preparing.ts";
import { versionPath } from "./registry-paths.ts";
import type { Registry } from "./registry-service.ts";
import { judgeFindings, type ScanPolicy } from "./scan-policy.ts";
import { SCAN_TASK, type ScanOrder } from "./scan-task.ts";

/** What preparing needs of a worker. */
export type PreparationWorkParts = {
  readonly artifacts: Pick<Artifacts, "path" | "verify">;
  readonly events: Pick<Events, "record">;
  readonly registry: Pick<Registry, "getVersion">;
  readonly models: Pick<ModelProgram, "inspect">;
  readonly environmentOf: EnvironmentOf;
  readonly runTask: RunTask;
  readonly dataDir: string;
  readonly scanPolicy: ScanPolicy;
  readonly now: () => Date;
};

type Payload = { readonly model: string; readonly version: number };
/** What became of a version, without the time of it. */
type Outcome = Omit<Preparation, "endedAt" | "acceptedBy" | "step"> & {
  readonly found: { readonly signature: Signature; readonly golden: readonly GoldenRow[] } | null;
};

/** How often the newest line of a long step is kept. */
const STEP_MS = 1_500;

/**
 * Defines the work that prepares a version: its files are looked into before anything loads them, its packages are
 * installed, and its own process answers the example that it was logged with, twice. What goes wrong with the model is the
 * version's, with the way out; only what goes wrong with the machine fails the work.
 */
export function definePreparation(parts: PreparationWorkParts): WorkDefinition {
  const { artifacts, models, runTask, dataDir, scanPolicy } = parts;
  const { registry, now } = parts;
  const modelEnvironmentOf = createModelEnvironments(parts);

  async function prepare(job: Job<Payload>, version: ModelVersion, folder: string): Promise<Outcome> {
    const say = stepTeller(job, version);
    await say.now("looking into the files before anything loads them");
    for (const { digest } of version.files) await artifacts.verify(digest);
    await layModelFolder(
      folder,
      version.files.map(({ path, digest }) => ({ path, from: artifacts.path(digest) })),
    );
    const order: ScanOrder = { folder };
    const { result } = await runTask({
      task: SCAN_TASK,
      input: order,
      attempt: attemptOf(job),
      signal: job.signal,
    });
    const findings = result as ScanFinding[]; // written by the task of the same name
    const accepted = version.preparation.acceptedBy !== null;
    const held = judgeFindings(findings, { policy: scanPolicy, accepted });
    const none = { findings, environment: null, found: null };
    if (held !== null) return { state: "blocked", problem: held, ...none };
    let environment: Preparation["environment"] = null;
    try {
      const mlModel = readMlModel(await readFile(join(folder, ML_MODEL_FILE), "utf8"));
      await say.now("finding the packages that it needs");
      const built = await modelEnvironmentOf({
        folder,
        mlModel,
        title: `${version.model} version ${version.version}`,
        content: version.digest,
        attempt: attemptOf(job),
        signal: job.signal,
        say: say.later,
      });
      environment = { digest: built.digest, python: built.python, tool: built.tool };
      await say.now("asking it for the answers to its own example");
      // Read anew: an earlier program may have read less of it.
      const declared = signatureOf(mlModel);
      const { interpreter } = built;
      const { notes, ...found } = await ask({ job, version, declared, folder, interpreter });
      return { state: "ready", problem: null, findings: [...findings, ...notes], environment, found };
    } catch (error) {
      if (!(error instanceof CausewayError) || job.signal.aborted || error.status >= 500) throw error;
      const problem = error.help === undefined ? error.message : `${error.message}\n${error.help}`;
      return { state: "failed", problem, findings, environment, found: null };
    } finally {
      say.stop();
    }
  }

  /** The model's answers to its own example, and what they tell of it. */
  async function ask(asked: {
    job: Job<Payload>;
    version: ModelVersion;
    declared: Signature;
    folder: string;
    interpreter: string;
  }): Promise<{ signature: Signature; golden: readonly GoldenRow[]; notes: readonly ScanFinding[] }> {
    const { job, version, declared, folder, interpreter } = asked;
    const signatureFile = `${folder}.signature.json`;
    await writeFile(signatureFile, JSON.stringify(declared));
    try {
      const model = { format: version.format, path: folder, python: interpreter, signatureFile };
      const inspection = await models.inspect(model, job.signal);
      return { signature: learnSignature(declared, inspection), ...learnGolden(inspection) };
    } finally {
      await rm(signatureFile, { force: true });
    }
  }

  /** Tells a version what is being done: at once where a step begins, now and then within it. */
  function stepTeller(job: Job<Payload>, version: ModelVersion) {
    const key = keyOf(job.call, job.payload);
    const { acceptedBy } = version.preparation;
    let line: string | undefined;
    let last = Promise.resolve();
    const put = (step: string) =>
      job.record((tx) => preparationStore(tx).put(key, { ...PREPARING, acceptedBy, step }));
    const timer = setInterval(() => {
      const step = line;
      line = undefined;
      // A line that could not be kept is followed by others.
      if (step !== undefined) last = last.then(() => put(step)).catch(() => undefined);
    }, STEP_MS);
    return {
      async now(step: string) {
        line = undefined;
        await last;
        await put(step);
      },
      later(text: string) {
        line = text;
      },
      stop() {
        clearInterval(timer);
      },
    };
  }

  async function settle(tx: Tx, call: Call, settled: { of: Payload; outcome: Outcome }): Promise<void> {
    const { of, outcome } = settled;
    const key = keyOf(call, of);
    const before = await preparationStore(tx).lock(key);
    if (before === undefined) return;
    const { found, ...told } = outcome;
    const { acceptedBy } = before;
    const preparation = { ...told, acceptedBy, step: null, endedAt: now().toISOString() };
    await preparationStore(tx).put(key, preparation, found);
    const { state, problem } = outcome;
    await parts.events.record(tx, call, {
      type: "registry.version-prepared",
      subject: versionPath(of),
      data: { ...of, state, problem },
    });
  }

  return defineWork<Payload>({
    kind: PREPARE_KIND,
    async run(job) {
      const version = await registry.getVersion(job.payload, job.call);
      const folder = join(dataDir, "scratch", `${attemptOf(job)}.model`);
      try {
        await rm(folder, { recursive: true, force: true });
        const outcome = await prepare(job, version, folder);
        await job.finish(async (tx) => {
          await settle(tx, job.call, { of: job.payload, outcome });
          return { state: outcome.state };
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async ended(tx, work, { problem }) {
      // The payload is what the preparation service enqueued.
      const of = work.payload as Payload;
      const call = { ...systemCall(work.scope, PREPARE_KIND), actor: work.actor };
      const { findings, environment } = (await preparationStore(tx).lock(keyOf(call, of))) ?? PREPARING;
      const outcome: Outcome = {
        state: "failed",
        problem: problem.detail,
        findings,
        environment,
        found: null,
      };
      await settle(tx, call, { of, outcome });
    },
  });
}

/** The answers to the example, which the version is held to from now on; where there are none, why. */
function learnGolden({ python }: ModelInspection): { golden: GoldenRow[]; notes: ScanFinding[] } {
  const { examples = [], exampleProblem = null, answers: [first = [], second = []] = [] } = python ?? {};
  const problem = exampleProblem ?? python?.answerProblem ?? null;
  if (problem !== null) return { golden: [], notes: [badExample(problem)] };
  if (examples.length === 0) return { golden: [], notes: [noExample] };
  if (!isRepeatable(first, second)) return { golden: [], notes: [notRepeatable] };
  const golden = examples.flatMap((record, index) => {
    const prediction = first[index];
    return prediction === undefined ? [] : [{ record, prediction }];
  });
  return { golden, notes: [] };
}

function keyOf({ scope }: Pick<Call, "scope">, { model, version }: Payload): VersionKey {
  return { project: scope.project, model, version };
}

const noExample: ScanFinding = {
  path: ML_MODEL_FILE,
  rule: "no-example",
  severity: "note",
  text: "it was logged without an input example, so that no answers could be kept to compare with",
};

const notRepeatable: ScanFinding = {
  path: ML_MODEL_FILE,
  rule: "not-repeatable",
  severity: "note",
  text: "it answers the same rows differently each time, so that no answers are kept to compare with",
};

function badExample(problem: string): ScanFinding {
  return {
    path: ML_MODEL_FILE,
    rule: "bad-example",
    severity: "warning",
    text: `its input example could not be answered, so that no answers are kept to compare with: ${problem}`,
  };
}
