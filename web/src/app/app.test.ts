import { describe, expect, it } from "vitest";
import type { Scope } from "../lib/scope.ts";
import type { Translate } from "../lib/words.tsx";
import { readAloud } from "./crumbs.ts";
import { pageOfMlflowAddress } from "./mlflow-address.ts";
import { find, isId } from "./search-hits.ts";

const scope: Scope = { project: "default", environment: "prod" };
const t: Translate = (key, values) =>
  values === undefined ? key : `${key} ${Object.values(values).join(" ")}`;

describe("breadcrumbs", () => {
  it.each([
    ["/prod", ["prod", "shell.home"]],
    ["/prod/data/customers/9f31c2000000", ["prod", "stages.data", "customers", "9f31c2"]],
    ["/prod/experiments/compare", ["prod", "stages.experiments", "experiments.compare"]],
    ["/settings/tokens", ["prod", "shell.settings"]],
    ["/nowhere", ["prod", "shell.notFound"]],
    [
      "/prod/deployments/churn/predictions/01a1fde6-c203-7000-bf8c-8325c1676686.0",
      ["prod", "stages.deployments", "churn", "deployments.predictions", "…6686.0"],
    ],
  ])("%s is read as %j", (path, words) => {
    expect(readAloud(path, scope, t).map(({ text }) => text)).toEqual(words);
  });
});

describe("search", () => {
  const groups = [
    {
      group: "Go to",
      hits: [
        { id: "1", icon: "registry", label: "churn", hint: "model", to: "/m" },
        { id: "2", icon: "deployments", label: "churn", hint: "deployment", to: "/d" },
      ],
    },
  ] as const;
  const search = (query: string) =>
    find(query, groups, { scope, t }).flatMap(({ hits }) => hits.map(({ to }) => to));

  it("fits every word to name or kind", () => {
    expect(search("churn")).toEqual(["/m", "/d"]);
    expect(search("dep churn")).toEqual(["/d"]);
    expect(search("xyz")).toEqual([]);
  });

  it("offers to look a pasted id up", () => {
    expect(search("97264a5906")).toEqual(["/go/97264a5906"]);
    expect(isId("01a1fde6-c203-7000-bf8c-8325c1676686.3")).toBe(true);
    expect(isId("churn")).toBe(false);
  });
});

describe("an address that MLflow's client prints", () => {
  it.each([
    ["#/experiments/2/runs/0123abcd", "/dev/experiments/2/0123abcd"],
    ["#/experiments/2", "/dev/experiments/2"],
    ["#/experiments/2/runs/0123abcd?workspace=lab", "/lab/dev/experiments/2/0123abcd"],
    ["#/models/churn/versions/3", "/dev/registry/churn/3"],
    ["#/models/churn", "/dev/registry/churn"],
    ["#/nonsense", undefined],
    ["#section", undefined],
    ["", undefined],
  ])("%s means %s", (hash, page) => expect(pageOfMlflowAddress(hash, "dev")).toBe(page));
});
