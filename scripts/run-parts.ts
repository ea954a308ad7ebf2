/** One thing to check: commands that run one after the other; all must end with 0. */
export interface Part {
  name: string;
  commands: readonly (readonly string[])[];
  /** Uses all cores by itself, so it runs while nothing else does. */
  alone?: boolean;
}

export interface PartResult {
  name: string;
  failed: boolean;
  /** What the failed commands said. */
  output: string;
  ms: number;
}

export interface PartRunner {
  /** Runs a command to its end. */
  run(command: readonly string[]): Promise<{ code: number; output: string }>;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Hears of each part as it ends. */
  onDone(result: PartResult): void;
}

/** Runs parts side by side, at most `width` at a time, and those that want to be alone afterwards; one failure stops nothing. */
export async function runParts(
  parts: readonly Part[],
  width: number,
  runner: PartRunner,
): Promise<PartResult[]> {
  const waiting = parts.filter((part) => !part.alone);
  const results: PartResult[] = [];
  const take = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) results.push(await runPart(part, runner));
  };
  await Promise.all(Array.from({ length: width }, take));
  for (const part of parts.filter(({ alone }) => alone)) results.push(await runPart(part, runner));
  return results;
}

async function runPart({ name, commands }: Part, runner: PartRunner): Promise<PartResult> {
  const start = runner.now();
  const failures: string[] = [];
  for (const command of commands) {
    const { code, output } = await runner.run(command);
    if (code !== 0)
      failures.push(output.trim() || `${command.join(" ")} ended with ${code} and said nothing`);
  }
  const result = {
    name,
    failed: failures.length > 0,
    output: failures.join("\n\n"),
    ms: runner.now() - start,
  };
  runner.onDone(result);
  return result;
}
