import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createPythonEnvironments } from "./environments.ts";

const DIGEST = "d".repeat(64);

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "environments-"));
  await mkdir(join(folder, "bin"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that stands for Python, pip or uv; `script` is what it does. */
async function program(name: string, script: string): Promise<string> {
  const path = join(folder, "bin", name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o700);
  return path;
}

/** A Python whose `-m venv` makes a folder with a Python that installs as `install` says. */
function fakePython(install: string): Promise<string> {
  const inner = `case "$*" in *pip*) ${install};; *platform*) echo 3.11.7;; esac`;
  const made = `mkdir -p "$3/bin" && printf '%s\\n' '#!/bin/sh' '${inner.replaceAll("'", "'\\''")}' > "$3/bin/python" && chmod 700 "$3/bin/python"`;
  return program("python3.11", `echo venv >> ${folder}/calls\n${made}`);
}

async function request(said: string[] = []) {
  const requirementsFile = join(folder, "requirements.txt");
  await writeFile(requirementsFile, "numpy==2.4.6\n");
  const { signal } = new AbortController();
  const shared = { digest: DIGEST, requirementsFile, title: "iris version 1", attempt: "a.1", signal };
  return {
    ...shared,
    python: "3.11.7",
    refusal: "BAD_MODEL" as const,
    say: (text: string) => said.push(text),
  };
}

function builder(given: readonly string[] = []) {
  const variables = { PATH: `${join(folder, "bin")}:/usr/bin:/bin` };
  return createPythonEnvironments({
    root: join(folder, "python"),
    dataDir: folder,
    modules: folder,
    variables,
    given,
  });
}

it("R2/environment is built once for everything that asks for the same", async () => {
  await fakePython("echo installed");
  const environmentOf = builder();
  const asked = await request();
  const [one, two] = await Promise.all([environmentOf(asked), environmentOf(asked)]);
  expect(one).toEqual({
    interpreter: join(folder, "python", DIGEST, "bin", "python"),
    python: "3.11.7",
    tool: "venv",
  });
  expect(two).toEqual(one);
  expect(await builder()(asked)).toEqual(one);
  expect(await readFile(join(folder, "calls"), "utf8")).toBe("venv\n");
}, 30_000);

it("tells pip's own last words where it cannot be built, and leaves nothing behind", async () => {
  await fakePython("echo 'ERROR: No matching distribution found for numpy==2.4.6'; exit 1");
  await expect(builder()(await request())).rejects.toMatchObject({
    code: "BAD_MODEL",
    message: expect.stringContaining("No matching distribution found for numpy==2.4.6"),
  });
  await expect(readFile(join(folder, "python", DIGEST, ".complete"))).rejects.toThrow();
}, 30_000);

it("takes a given interpreter that has every package, and says why it does not take another", async () => {
  await fakePython("echo installed");
  const lacking = await program("lacking", "echo 'it has no numpy'; exit 1");
  const fitting = await program("fitting", "cat > /dev/null; echo 3.11.9");
  const said: string[] = [];
  const environment = await builder([lacking, fitting])(await request(said));
  expect(environment).toMatchObject({ tool: "given", python: "3.11.9" });
  expect(said).toContain(`${lacking} is not used: it has no numpy`);
  expect(await readFile(environment.interpreter, "utf8")).toContain(`exec '${fitting}'`);
}, 30_000);
