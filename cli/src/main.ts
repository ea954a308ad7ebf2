import { CausewayError } from "@causeway/contract";
import { Command, CommanderError, Option } from "commander";
import { addUpCommand } from "./commands/up.ts";
import { EXIT } from "./exit-codes.ts";

/** Builds the command tree. Servers are started by the hundred: `up` loads nothing of the other commands. */
async function createProgram(command: string | undefined): Promise<Command> {
  const program = new Command("causeway")
    .description("Takes a model from notebook to production and keeps it healthy there.")
    .option("--json", "the API's answer on one line of standard output; all else on standard error")
    .option("--url <url>", "address of control")
    .option("--token <token>", "token to call it with")
    .option("--project <name>", "project to work in")
    .addOption(
      new Option("--env <environment>", "environment to work in").choices(["dev", "staging", "prod"]),
    )
    .option("--data-dir <folder>", "data folder of the Causeway to talk to")
    .showHelpAfterError("(causeway --help shows every command)")
    .exitOverride()
    .enablePositionalOptions(false);
  addUpCommand(program);
  if (command !== "up") (await import("./commands/every-command.ts")).addEveryCommand(program);
  return program;
}

/** Runs one command line; sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that went away, as in `causeway data list | head -1`, is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  try {
    const program = await createProgram(argv[2]);
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has said what was wrong; `--help` and `--version` end the same way with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  process.stderr.write(`${explain(error)}\n`);
  return EXIT.failed;
}

/** What went wrong, where, and the way out; the last line is the help. */
export function explain(error: unknown): string {
  if (!(error instanceof CausewayError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const where =
    error.field === undefined
      ? ""
      : `\n  ${error.field}${error.value === undefined ? "" : `: ${JSON.stringify(error.value)}`}`;
  const trace = error.requestId === undefined ? "" : `  (${error.code}, request ${error.requestId})`;
  const issues = (error.issues ?? []).map(
    ({ row, field, expected, got }) =>
      `\n  ${row === undefined ? "" : `row ${row}, `}${field}: expected ${expected}, got ${got}`,
  );
  const help = error.help === undefined ? "" : `\n  ${error.help}`;
  return `error: ${error.message}${trace}${issues.length > 0 ? issues.join("") : where}${help}`;
}
