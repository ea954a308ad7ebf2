import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { fail } from "@causeway/contract";

/** Takes a port (0: any free one) and tells which; a taken one is explained. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (cause) {
    throw explainListen(cause, host, port);
  }
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port;
}

function explainListen(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "EADDRINUSE": {
      const holder = findPortHolder(port);
      return fail("PORT_IN_USE", {
        message: `The port ${port} on ${host} is taken${holder === undefined ? "" : ` by process ${holder.pid}: ${holder.command}`}`,
        field: "--port",
        value: port,
        help: `Choose another one (--port 0 takes any that is free)${holder === undefined ? "" : `, or stop that process: kill ${holder.pid}`}.`,
        cause,
      });
    }
    case "EACCES":
      return fail("PORT_IN_USE", {
        message: `This account may not listen on port ${port}`,
        field: "--port",
        value: port,
        help: "Choose a port above 1023, or --port 0 for any that is free.",
        cause,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return fail("CONFIG_INVALID", {
        message: `This machine has no address ${host}`,
        field: "--host",
        value: host,
        help: "Give 127.0.0.1, or 0.0.0.0 for every address of the machine.",
        cause,
      });
    default:
      return cause;
  }
}

/** Who listens on a TCP port of this machine, as far as this account may see it. */
export function findPortHolder(port: number): { pid: number; command: string } | undefined {
  const inodes = new Set([...listeners("/proc/net/tcp", port), ...listeners("/proc/net/tcp6", port)]);
  if (inodes.size === 0) return undefined;
  for (const name of listFolder("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const owns = listFolder(`/proc/${name}/fd`).some((descriptor) =>
      inodes.has(readLink(`/proc/${name}/fd/${descriptor}`)),
    );
    if (owns)
      return { pid, command: readText(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim().slice(0, 120) };
  }
  return undefined;
}

/** Socket inodes that listen on the port, written as their descriptors' links are. */
function listeners(table: string, port: number): string[] {
  const LISTENING = "0A";
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return readText(table)
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && local?.endsWith(`:${wanted}`) === true)
    .map((fields) => `socket:[${fields[9]}]`);
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
