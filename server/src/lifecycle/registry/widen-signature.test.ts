import type { ColumnProfile, Signature, SignatureInput } from "@causeway/contract";
import { expect, it } from "vitest";
import { widenSignature } from "./widen-signature.ts";

const contract: SignatureInput = {
  name: "Contract",
  type: "string",
  nullable: false,
  categories: ["One year", "Two year"],
  range: null,
};
const tenure: SignatureInput = {
  name: "tenure",
  type: "integer",
  nullable: false,
  categories: null,
  range: { min: 3, max: 60 },
};
const signature = (...inputs: SignatureInput[]): Signature => ({
  task: "classification",
  target: "Churn",
  classes: ["No", "Yes"],
  inputs,
});

function column(name: string, more: Partial<ColumnProfile>): ColumnProfile {
  return {
    name,
    type: "string",
    count: 10,
    missing: 0,
    distinct: 0,
    min: null,
    max: null,
    mean: null,
    std: null,
    quantiles: [],
    histogram: null,
    top: [],
    ...more,
  };
}
const values = (...all: string[]) => ({
  distinct: all.length,
  top: all.map((value) => ({ value, count: 1 })),
});
const widened = (input: SignatureInput, ...columns: ColumnProfile[]) =>
  widenSignature(signature(input), [{ rows: 10, columns }]).inputs[0];

it("adds the categories, the range and the missing values of training", () => {
  expect(widened(contract, column("Contract", values("Month-to-month", "One year")))).toEqual({
    ...contract,
    categories: ["Month-to-month", "One year", "Two year"],
  });
  expect(widened(tenure, column("tenure", { type: "integer", min: 0, max: 72, missing: 2 }))).toEqual({
    ...tenure,
    nullable: true,
    range: { min: 0, max: 72 },
  });
});

it("lists no categories where there are too many, or where some of training are not known", () => {
  const many = Array.from({ length: 100 }, (_, i) => `v${i}`);
  expect(widened(contract, column("Contract", values(...many)))?.categories).toBeNull();
  expect(widened(contract, column("Contract", { ...values("a"), distinct: 30 }))?.categories).toBeNull();
  const known = column("Contract", { ...values("One year"), distinct: 2 });
  expect(widened(contract, known)?.categories).toEqual(["One year", "Two year"]);
});

it("leaves columns alone that training did not have", () => {
  expect(widened(contract, column("other", values("x")))).toEqual(contract);
  expect(widenSignature(signature(contract, tenure), [])).toEqual(signature(contract, tenure));
});
