import { parseArgs } from "node:util";

/** What the demonstration is asked for. */
export type DemoOptions = {
  /** Ends everything after the table; else it stays up until Ctrl-C. */
  readonly exit: boolean;
  /** Prints the figures as the last line of standard output. */
  readonly json: boolean;
  readonly dataDir: string | null;
  readonly port: number;
  readonly gatewayPort: number;
  /** The week at whose start the world changes; null: never. */
  readonly changeWeek: number | null;
};

/** Weeks of event time that are lived through. */
export const WEEKS = 16;

export const USAGE = `npm run demo -- [options]

  --exit                  end after the table (takes free ports unless told)
  --json                  print the figures as the last line of standard output
  --data-dir <folder>     where Causeway keeps everything; the project goes into its folder "shop"
  --port <port>           port of the pages and the API, 0 for any free one
  --gateway-port <port>   port of the predictions, 0 for any free one
  --change-week <n|none>  week at whose start the world changes (9)
`;

/** Reads the command line; a text is what is wrong with it. */
export function parseOptions(args: readonly string[]): DemoOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        exit: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        "data-dir": { type: "string" },
        port: { type: "string" },
        "gateway-port": { type: "string" },
        "change-week": { type: "string", default: "9" },
      },
    });
    if (values.help) return USAGE;
    const free = values.exit ? "0" : undefined;
    const changeWeek = values["change-week"];
    return {
      exit: values.exit,
      json: values.json,
      dataDir: values["data-dir"] ?? null,
      port: whole("--port", values.port ?? free ?? "7420", [0, 65_535]),
      gatewayPort: whole("--gateway-port", values["gateway-port"] ?? free ?? "7421", [0, 65_535]),
      changeWeek: changeWeek === "none" ? null : whole("--change-week", changeWeek, [2, WEEKS]),
    };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}

function whole(flag: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${flag}: give a whole number from ${least} to ${most}, not ${text}`);
}
