import { execFile } from "node:child_process";
import { lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { RunRecord } from "@causeway/contract";

const run = promisify(execFile);

/** New files larger than this are data rather than code; the difference names them and leaves them out. */
const LARGEST_NEW_FILE_BYTES = 1024 * 1024;
const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;
/** The id that Git gives an empty tree: what a repository without a commit differs from. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The state of the code: what is committed, and the text of what is not (null when nothing is). */
export type CapturedCode = Pick<NonNullable<RunRecord["code"]>, "commit" | "branch" | "repository"> & {
  readonly diff: string | null;
};

/** Looks at the Git work tree that holds a folder; null where there is none, or no Git. Changes nothing in it. */
export async function captureCode(folder: string): Promise<CapturedCode | null> {
  const root = await git(folder, ["rev-parse", "--show-toplevel"]);
  if (root === null) return null;
  const [commit, branch, remote] = await Promise.all([
    git(root, ["rev-parse", "--verify", "--quiet", "HEAD"]),
    git(root, ["symbolic-ref", "--short", "--quiet", "HEAD"]),
    git(root, ["config", "--get", "remote.origin.url"]),
  ]);
  return {
    commit,
    branch,
    repository: remote === null ? null : withoutCredentials(remote),
    diff: await captureDiff(root, commit ?? EMPTY_TREE),
  };
}

/** An address without the user and token that may stand in it. */
export function withoutCredentials(remote: string): string {
  return remote.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1");
}

/**
 * Everything that differs from a commit, new files included. Git works it out with an index and an object folder of our
 * own, so that the user's index stays as it is and no object is left in the repository.
 */
async function captureDiff(root: string, commit: string): Promise<string | null> {
  const scratch = await mkdtemp(join(tmpdir(), "causeway-diff-"));
  try {
    const objects = await git(root, ["rev-parse", "--git-path", "objects"]);
    if (objects === null) return null;
    const own = join(scratch, "objects");
    await mkdir(own);
    const variables = {
      GIT_INDEX_FILE: join(scratch, "index"),
      GIT_OBJECT_DIRECTORY: own,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: resolve(root, objects),
    };
    const { small, large } = await newFiles(root);
    await git(root, ["read-tree", commit], variables);
    await git(root, ["add", "--update"], variables);
    if (small.length > 0) await git(root, ["add", "--", ...small], variables);
    const changed = await git(
      root,
      ["diff", "--cached", "--binary", "--no-color", "--no-ext-diff", commit],
      variables,
    );
    const left = large.map(({ path, bytes }) => `# left out: ${path} (${bytes} bytes)\n`).join("");
    const text = `${left}${changed === null ? "" : `${changed}\n`}`;
    return text === "" ? null : text;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function newFiles(
  root: string,
): Promise<{ small: string[]; large: { path: string; bytes: number }[] }> {
  const listed = await git(root, ["ls-files", "--others", "--exclude-standard", "-z"]);
  const small: string[] = [];
  const large: { path: string; bytes: number }[] = [];
  for (const path of listed?.split("\0") ?? []) {
    if (path === "") continue;
    const bytes = (await lstat(join(root, path)).catch(() => undefined))?.size;
    if (bytes === undefined) continue;
    if (bytes > LARGEST_NEW_FILE_BYTES) large.push({ path, bytes });
    else small.push(path);
  }
  return { small, large };
}

/** What Git prints, or null where it fails or prints nothing. */
async function git(
  folder: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  try {
    const { stdout } = await run("git", ["-C", folder, ...args], {
      // Inside a hook Git's own variables name another index or folder than the one that is looked at.
      env: {
        ...process.env,
        GIT_DIR: undefined,
        GIT_WORK_TREE: undefined,
        GIT_INDEX_FILE: undefined,
        GIT_OPTIONAL_LOCKS: "0",
        LC_ALL: "C",
        ...variables,
      },
      maxBuffer: LARGEST_OUTPUT_BYTES,
      timeout: 30_000,
    });
    const text = stdout.replace(/\n$/, "");
    return text === "" ? null : text;
  } catch {
    return null;
  }
}
