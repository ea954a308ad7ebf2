import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where an attempt has its things, all below `scratch/<mark>/`. */
export type AttemptFolder = {
  readonly root: string;
  /** The working folder of the process. */
  readonly work: string;
  readonly inputs: string;
  readonly outputs: string;
  readonly temporary: string;
  readonly stepFile: string;
  readonly tokenFile: string;
};

/** Makes the empty folder of an attempt, for nobody else to look into. */
export async function makeAttemptFolder(dataDir: string, mark: string): Promise<AttemptFolder> {
  const root = join(dataDir, "scratch", mark);
  await rm(root, { recursive: true, force: true });
  const folder: AttemptFolder = {
    root,
    work: join(root, "work"),
    inputs: join(root, "inputs"),
    outputs: join(root, "outputs"),
    temporary: join(root, "tmp"),
    stepFile: join(root, "step.json"),
    tokenFile: join(root, "token"),
  };
  await mkdir(root, { recursive: true, mode: 0o700 });
  await Promise.all(
    [folder.work, folder.inputs, folder.outputs, folder.temporary].map((path) =>
      mkdir(path, { mode: 0o700 }),
    ),
  );
  return folder;
}

/** Removes an attempt's folder; what a step made read-only must not stop that. */
export async function removeAttemptFolder({ root }: AttemptFolder): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
}

/** Writes a file that only this account may read. */
export function writePrivate(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: 0o600 });
}
