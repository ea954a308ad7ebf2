import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EVENT_TYPES } from "@causeway/contract";
import { IntlMessageFormat } from "intl-messageformat";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { sentenceOf } from "../src/features/home/event-sentence.ts";
import { en } from "../src/lib/locales/en/index.ts";
import { vi } from "../src/lib/locales/vi/index.ts";

type Tree = { readonly [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string"
        ? [[`${prefix}${key}`, value] as const]
        : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}

/** The places that a message is filled at. */
function places(message: string, language: string): string[] {
  const found = new Set<string>();
  const visit = (elements: readonly unknown[]) => {
    for (const element of elements) {
      if (typeof element !== "object" || element === null || !("type" in element)) continue;
      if ("value" in element && typeof element.value === "string" && element.type !== 0)
        found.add(element.value);
      if ("options" in element && typeof element.options === "object" && element.options !== null) {
        for (const option of Object.values(element.options)) visit(option.value);
      }
    }
  };
  visit(new IntlMessageFormat(message, language).getAst());
  return [...found].sort();
}

const english = flat(en);
const vietnamese = flat(vi);

describe("words", () => {
  it("X7/vietnamese has every message of the English pages and no other", () => {
    expect([...vietnamese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("X7/english every message can be read and filled", () => {
    for (const [key, message] of english) expect(() => places(message, "en"), key).not.toThrow();
    for (const [key, message] of vietnamese) expect(() => places(message, "vi"), key).not.toThrow();
  });

  it("fills the same places in both languages", () => {
    for (const [key, message] of english) {
      expect(places(vietnamese.get(key) ?? "", "vi"), key).toEqual(places(message, "en"));
    }
  });

  it("leaves no message empty and shouts at nobody", () => {
    for (const [key, message] of [...english, ...vietnamese]) {
      expect(message.trim(), key).not.toBe("");
      expect(message, key).not.toMatch(/!|Oops|please|vui lòng|successfully/i);
    }
  });

  it("tells every event type in a sentence about its thing", () => {
    for (const type of EVENT_TYPES) {
      const sentence = english.get(sentenceOf(type));
      expect(sentence, type).toBeDefined();
      // Tokens and starts have no page to lead to.
      if (!type.startsWith("platform.")) expect(sentence, type).toContain("{thing}");
    }
  });
});

/** What stands in the pages as it is, in every language: names, keys, units, words of code. */
const AS_IT_IS = [
  "Causeway",
  "Ctrl K",
  "Enter",
  "JSON",
  "PostgreSQL",
  "sha256",
  "ms",
  "v",
  "English",
  "Tiếng Việt",
  "true",
  "false",
  "p",
  "psi",
  "p50",
  "p99",
];
const SPOKEN = new Set([
  "title",
  "aria-label",
  "label",
  "placeholder",
  "alt",
  "hint",
  "text",
  "description",
  "name",
]);

function literalsIn(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const found: string[] = [];
  const isWord = (text: string) =>
    /\p{L}/u.test(text) && !AS_IT_IS.includes(text.trim()) && !text.includes("npx --no causeway");
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && isWord(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      const name = node.name.getText(source);
      if (
        SPOKEN.has(name) &&
        ts.isJsxAttribute(node) &&
        isWord(node.initializer.text) &&
        !isMachineWord(node, source)
      ) {
        found.push(`${name}="${node.initializer.text}"`);
      }
    }
    if (
      ts.isJsxExpression(node) &&
      node.expression &&
      ts.isStringLiteral(node.expression) &&
      ts.isJsxElement(node.parent)
    ) {
      if (isWord(node.expression.text)) found.push(node.expression.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `<Icon name="copy" />` and `placeholder="churn@champion"` are words of code, not of a language. */
function isMachineWord(attribute: ts.JsxAttribute, source: ts.SourceFile): boolean {
  const element = attribute.parent.parent;
  const tag =
    ts.isJsxOpeningElement(element) || ts.isJsxSelfClosingElement(element)
      ? element.tagName.getText(source)
      : "";
  if (tag === "Icon" || tag === "meta") return true;
  return (
    attribute.initializer !== undefined &&
    ts.isStringLiteral(attribute.initializer) &&
    /@/.test(attribute.initializer.text)
  );
}

describe("pages", () => {
  const src = join(import.meta.dirname, "../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".tsx"),
  );

  it("finds the pages at all, and sees a planted word", () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(files)("%s says nothing in one language only", (file) => {
    expect(literalsIn(join(src, file))).toEqual([]);
  });
});
