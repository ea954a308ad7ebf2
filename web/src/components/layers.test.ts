import { describe, expect, it } from "vitest";
import { directEdges } from "./direct-edges.ts";
import { edgeName, layered } from "./layers.ts";

const churn = {
  nodes: ["split", "describe", "train", "evaluate", "register"],
  edges: [
    ["split", "describe"],
    ["split", "train"],
    ["split", "evaluate"],
    ["train", "evaluate"],
    ["train", "register"],
    ["evaluate", "register"],
  ],
} as const;

describe("layers", () => {
  it("places every node after all that it needs", () => {
    const { spots } = layered(churn);
    for (const [from, to] of churn.edges) {
      expect(spots.get(from)?.column).toBeLessThan(spots.get(to)?.column ?? 0);
    }
  });

  it("gives an edge over several columns a row of its own in each, so that no node hides it", () => {
    const { spots, bends } = layered(churn);
    for (const [edge, way] of bends) {
      for (const bend of way) {
        const covered = [...spots.values()].some(
          ({ column, row }) => column === bend.column && row === bend.row,
        );
        expect(covered, edge).toBe(false);
      }
    }
    expect([...bends.keys()].sort()).toEqual(
      [edgeName("split", "evaluate"), edgeName("train", "register")].sort(),
    );
  });

  it("puts no two nodes on one spot", () => {
    const { spots } = layered(churn);
    const taken = [...spots.values()].map(({ column, row }) => `${column}:${row}`);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it("ends on a cycle and on an edge to nowhere", () => {
    const edges = [
      ["a", "b"],
      ["b", "a"],
      ["a", "gone"],
      ["a", "a"],
    ] as const;
    expect([...layered({ nodes: ["a", "b"], edges }).spots.keys()]).toEqual(["a", "b"]);
  });
});

describe("direct edges", () => {
  const edge = (from: string, to: string) => ({ from, to });

  it("leave out what a longer way says, and repetitions", () => {
    const edges = [
      edge("a", "b"),
      edge("b", "c"),
      edge("a", "c"),
      edge("a", "b"),
      edge("a", "d"),
      edge("d", "c"),
    ];
    expect(directEdges(edges).map(({ from, to }) => from + to)).toEqual(["ab", "bc", "ad", "dc"]);
  });

  it("end on a cycle", () => {
    expect(directEdges([edge("a", "b"), edge("b", "a")])).toHaveLength(2);
  });
});
