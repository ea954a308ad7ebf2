import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Permission } from "@causeway/contract";
import { afterAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createAudit } from "../audit/index.ts";
import { createNewId } from "../database/index.ts";
import { createEvents } from "../events/index.ts";
import {
  createAccess,
  createStepTokens,
  decideScope,
  digestSecret,
  ensureCredentialFile,
  type Principal,
  requirePermission,
  systemCall,
} from "./index.ts";

const newId = createNewId();
const { database, db } = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "causeway-access-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

let clock = new Date();
const now = () => clock;
const audit = createAudit({ db, newId });
const events = createEvents({ database, audit, newId, now });
const secrets = { adminToken: "cwa_admin", gatewayToken: "cwg_gateway" };
const access = createAccess({ database, events, audit, ...secrets, now, newId });
const call = systemCall({ project: "default", environment: "dev" }, "test");

/** Whose token it is when what was known of it is not believed any more. */
const aSecondLater = (secret: string) => () => {
  clock = new Date(clock.getTime() + 1_000);
  return access.identifyToken(secret);
};

describe("secrets", () => {
  it("of the data folder are made once, for their owner's eyes, also when two programs start at once", async () => {
    const file = join(folder, "admin-token");
    const made = await Promise.all([1, 2, 3].map(() => ensureCredentialFile(file, "admin")));
    expect(new Set(made).size).toBe(1);
    expect(made[0]).toMatch(/^cwa_[\w-]{43}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, "utf8")).trim()).toBe(made[0]);
    expect(await readdir(folder)).toEqual(["admin-token"]);
    await writeFile(file, "\n");
    await expect(ensureCredentialFile(file, "admin")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });

  it("are kept by their digest only", async () => {
    const input = {
      name: "ci",
      permissions: ["data:read" as const],
      onlyProject: null,
      onlyEnvironment: null,
    };
    const { secret } = await access.createToken({ ...input, expiresAt: null }, call);
    const rows = JSON.stringify(await db.selectFrom("platform_tokens").selectAll().execute());
    expect(rows).toContain(digestSecret(secret));
    expect(rows).not.toContain(secret);
  });
});

describe("tokens", () => {
  it("identify their holder, and nobody else's does", async () => {
    expect((await access.identifyToken("cwa_admin"))?.actor).toEqual({
      kind: "user",
      id: "admin",
      name: "admin",
    });
    expect([...((await access.identifyToken("cwg_gateway"))?.permissions ?? [])]).toEqual(["platform:serve"]);
    expect(await access.identifyToken("cwa_admi")).toBeUndefined();
    expect(await access.identifyToken("")).toBeUndefined();
  });

  it("end at their time", async () => {
    const expiresAt = new Date(Date.now() + 400).toISOString();
    const input = {
      name: "short",
      permissions: ["data:read" as const],
      onlyProject: null,
      onlyEnvironment: null,
    };
    const { secret } = await access.createToken({ ...input, expiresAt }, call);
    expect(await access.identifyToken(secret)).toBeDefined();
    await expect.poll(aSecondLater(secret)).toBeUndefined();
  });

  it("are revoked by name where one live token has it", async () => {
    const input = {
      permissions: ["data:read" as const],
      onlyProject: null,
      onlyEnvironment: null,
      expiresAt: null,
    };
    const first = await access.createToken({ ...input, name: "twin" }, call);
    await access.createToken({ ...input, name: "twin" }, call);
    await expect(access.revokeToken({ token: "twin" }, call)).rejects.toMatchObject({ code: "CONFLICT" });
    await access.revokeToken({ token: first.token.id }, call);
    expect((await access.revokeToken({ token: "twin" }, call)).revokedAt).not.toBeNull();
    await expect(access.revokeToken({ token: "twin" }, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("step tokens", () => {
  const actor = { kind: "pipeline-run" as const, id: "churn/1", name: "churn #1" };
  const scope = { project: "default", environment: "dev" } as const;

  it("act for their run while the attempt lives, and no second longer", async () => {
    const steps = createStepTokens({ newId });
    const permissions: Permission[] = ["platform:execute", "experiments:write"];
    const token = {
      attempt: "work-1.1",
      actor,
      scope,
      permissions,
      expiresAt: new Date(Date.now() + 60_000),
    };
    const secret = await db.transaction().execute((tx) => steps.issue(tx, token));
    expect(await access.identifyToken(secret)).toMatchObject({ actor, attempt: "work-1.1", ...scope });
    await db.transaction().execute((tx) => steps.end(tx, "work-1.2"));
    expect(await access.identifyToken(secret)).toBeDefined();
    await db.transaction().execute((tx) => steps.end(tx, "work-1.1"));
    expect(await aSecondLater(secret)()).toBeUndefined();
    expect((await access.listTokens({ limit: 100 })).items.map(({ name }) => name)).not.toContain("work-1.1");
  });
});

describe("sign-in links", () => {
  it("open one session, within ten minutes", async () => {
    const user = { ...call, actor: { kind: "user", id: "admin", name: "admin" } as const };
    const { code } = await access.createSignInCode(user);
    const tries = await Promise.all([1, 2, 3].map(() => access.signIn(code, "r-1")));
    expect(tries.filter((session) => session !== undefined)).toHaveLength(1);
    expect(await access.signIn("wrong", "r-2")).toBeUndefined();
    clock = new Date(Date.now() - 10 * 60_000 - 1_000);
    const { code: old } = await access.createSignInCode(user);
    expect(await access.signIn(old, "r-3")).toBeUndefined();
    clock = new Date();
  });
});

describe("scope", () => {
  const holder = (project: string | null, environment: "prod" | null): Principal => ({
    actor: { kind: "token", id: "1", name: "ci" },
    permissions: new Set(),
    project,
    environment,
  });

  it.each([
    [holder(null, null), {}, { project: "default", environment: "dev" }],
    [holder(null, null), { project: "shop", environment: "prod" }, { project: "shop", environment: "prod" }],
    [holder("shop", "prod"), {}, { project: "shop", environment: "prod" }],
    [holder("shop", null), { environment: "staging" }, { project: "shop", environment: "staging" }],
  ] as const)("of %j asking for %j is %j", (principal, asked, expected) => {
    expect(decideScope(principal, asked)).toEqual(expected);
  });

  it("beyond the token's own is refused, as is what its permissions leave out", () => {
    expect(() => decideScope(holder("shop", null), { project: "other" })).toThrow(
      "for the project shop only",
    );
    expect(() => requirePermission(call, "data:write")).toThrow("lacks the permission data:write");
  });
});
