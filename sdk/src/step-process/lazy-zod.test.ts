import { describe, expect, it } from "vitest";
import { z } from "./lazy-zod.ts";

const isPlain = (schema: unknown): boolean => (schema as { isPlain: boolean }).isPlain;

describe("lazy zod", () => {
  it("knows a schema that JSON Schema says in full", () => {
    expect(isPlain(z.number().min(0).max(0.5).default(0.2))).toBe(true);
    expect(isPlain(z.object({ a: z.array(z.string()), b: z.enum(["x", "y"]).optional() }))).toBe(true);
  });

  it("knows a schema that does more", () => {
    expect(isPlain(z.string().transform((text) => new Date(text)))).toBe(false);
    expect(isPlain(z.number().refine((value) => value % 2 === 0))).toBe(false);
    expect(isPlain(z.object({ a: z.string().trim() }))).toBe(false);
    expect(isPlain(z.coerce.number())).toBe(false);
  });

  it("parses as zod does", () => {
    expect(z.number().int().default(3).parse(undefined)).toBe(3);
    expect(z.object({ a: z.string().transform((text) => text.length) }).parse({ a: "four" })).toEqual({
      a: 4,
    });
    const refused = z.array(z.number().positive()).safeParse([1, -1]);
    expect(refused.success).toBe(false);
    expect(refused.error?.issues[0]?.path).toEqual([1]);
    expect(z.union([z.string(), z.object({ b: z.boolean() })]).parse({ b: true })).toEqual({ b: true });
  });

  it("gives zod's own errors", () => {
    expect(() => z.string().parse(3)).toThrow(expect.objectContaining({ name: "ZodError" }));
    try {
      z.string().parse(3);
    } catch (error) {
      expect(error instanceof z.ZodError).toBe(true);
    }
  });
});
