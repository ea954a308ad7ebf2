import { posix } from "node:path";
import { type ErrorCode, fail } from "@causeway/contract";

/** What lines ask for: packages to install, and limits on the versions of what is installed for their sake. */
export type RequirementLines = { readonly lines: readonly string[]; readonly constraints: readonly string[] };

/** Reads a file by its path in the folder; null where there is none. */
export type ReadBeside = (path: string) => Promise<string | null>;

/** Folder that lines may name files of, and the code of the error where they name others. */
export type RequirementFolder = { readonly read: ReadBeside; readonly refusal: ErrorCode };

/** Files that one file may lead to: more is a mistake. */
const MOST_FILES = 100;
/** pip's own words for files of requirements and of constraints, with or without a space or an equals sign. */
const INCLUDES =
  /^(?:(?<requirement>-r|--requirement)|-c|--constraint)(?:\s*=\s*|\s+|(?<=^-[rc]))(?<file>.+)$/;

type Line = { readonly text: string; readonly file: string; readonly number: number };

/**
 * The lines of a file with those of the files that it names by `-r` and `-c`, which are found beside the file that names them.
 * What lies outside of the folder is refused: it is not what was kept with the model, and nobody could say what it was later.
 */
export async function includeRequirements(
  text: string,
  { file, folder }: { readonly file: string; readonly folder: RequirementFolder },
): Promise<RequirementLines> {
  const lines: string[] = [];
  const constraints: string[] = [];
  const seen = new Set([`${file} lines`]);

  async function take(content: string, path: string, into: string[]): Promise<void> {
    for (const line of numberedLines(content, path)) {
      const found = INCLUDES.exec(line.text)?.groups;
      if (found === undefined) {
        into.push(line.text);
        continue;
      }
      const named = insideOf(line, { name: found["file"] ?? "", refusal: folder.refusal });
      // What limits versions goes on limiting them in every file that it names.
      const target = found["requirement"] === undefined ? constraints : into;
      const mark = `${named} ${target === constraints ? "constraints" : "lines"}`;
      if (seen.has(mark)) continue;
      seen.add(mark);
      if (seen.size > MOST_FILES) throw tooMany(line, folder.refusal);
      const next = await folder.read(named);
      if (next === null) throw notThere(line, { named, refusal: folder.refusal });
      await take(next, named, target);
    }
  }

  await take(text, file, lines);
  return { lines, constraints };
}

/** The lines of a file of requirements, without comments, each with the number of the line that it begins at. */
function* numberedLines(text: string, file: string): Generator<Line> {
  let begun = "";
  let first = 0;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (begun === "") first = index + 1;
    if (raw.endsWith("\\")) {
      begun += `${raw.slice(0, -1)} `;
      continue;
    }
    const whole = `${begun}${raw}`
      .replace(/(^|\s)#.*$/, "")
      .replaceAll(/\s+/g, " ")
      .trim();
    begun = "";
    if (whole !== "") yield { text: whole, file, number: first };
  }
}

/** The path in the folder that a line names, from the place of its own file. */
function insideOf(line: Line, { name, refusal }: { name: string; refusal: ErrorCode }): string {
  const plain = name.replace(/^(["'])(.*)\1$/, "$2");
  // Backslashes divide folders elsewhere; in a path of ours they could only hide what it is.
  if (/^[A-Za-z][A-Za-z0-9+.-]*:|^[/\\~]|\\|\$\{/.test(plain)) throw outside(line, refusal);
  const path = posix.normalize(posix.join(posix.dirname(line.file), plain));
  if (path === ".." || path.startsWith("../")) throw outside(line, refusal);
  return path;
}

const WAY_OUT =
  "Put that file beside requirements.txt in the model's folder, or write its lines into requirements.txt itself; then log and register the model again.";

function outside({ text, file, number }: Line, refusal: ErrorCode): Error {
  return fail(refusal, {
    message: `${file} line ${number}, "${text}", names a file outside of the model's folder`,
    field: "requirements",
    value: text,
    help: WAY_OUT,
  });
}

function notThere(
  { text, file, number }: Line,
  { named, refusal }: { named: string; refusal: ErrorCode },
): Error {
  return fail(refusal, {
    message: `${file} line ${number}, "${text}", names ${named}, which is not in the model's folder`,
    field: "requirements",
    value: text,
    help: WAY_OUT,
  });
}

function tooMany({ text, file, number }: Line, refusal: ErrorCode): Error {
  return fail(refusal, {
    message: `${file} line ${number}, "${text}", is the ${MOST_FILES}th file that the requirements lead to`,
    field: "requirements",
    value: text,
    help: "Write the packages into fewer files.",
  });
}
