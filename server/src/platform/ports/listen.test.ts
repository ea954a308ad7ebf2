import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { listen } from "./index.ts";

const opened: Server[] = [];
const server = () => {
  const made = createServer();
  opened.push(made);
  return made;
};

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

describe("listen", () => {
  it("takes any free port for 0 and tells which", async () => {
    expect(await listen(server(), "127.0.0.1", 0)).toBeGreaterThan(1023);
  });

  it("names who has a taken port and how to get out of it", async () => {
    const port = await listen(server(), "127.0.0.1", 0);
    await expect(listen(server(), "127.0.0.1", port)).rejects.toMatchObject({
      code: "PORT_IN_USE",
      message: expect.stringContaining(`by process ${process.pid}: `),
      help: expect.stringContaining("--port 0"),
    });
  });

  it("refuses an address that the machine does not have", async () => {
    await expect(listen(server(), "192.0.2.1", 0)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      field: "--host",
    });
  });
});
