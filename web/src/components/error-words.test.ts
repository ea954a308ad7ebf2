import { ERROR_CODES, fail, IssueRule, issueRule, Name, PolicySettings } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { reader } from "../../testing/reader.ts";
import { errorTitle, errorWords, issueText, ruleText } from "./error-words.ts";

const [english, vietnamese] = [reader("en"), reader("vi")];

const RULES: [IssueRule, string][] = [
  [{ says: "missing" }, "một giá trị"],
  [{ says: "type", type: "number" }, "một số"],
  [{ says: "one-of", values: ["a", "b"] }, "một trong a, b"],
  [{ says: "least", bound: 1000, of: "number" }, "ít nhất 1.000"],
  [{ says: "most", bound: 63, of: "text" }, "nhiều nhất 63 ký tự"],
  [{ says: "name" }, "chữ thường không dấu, chữ số, ‘.’, ‘_’ hoặc ‘-’, nhiều nhất 63 ký tự"],
  [{ says: "duration" }, "một số kèm đơn vị, ví dụ “30 min” hoặc “2 days”"],
  [{ says: "period" }, "một độ dài từ một phút trở lên, ví dụ “1 h”, “1 day”, “1 week” hoặc “1 month”"],
  [{ says: "unknown", fields: ["colour"] }, "không có trường colour"],
];

describe("the words of errors", () => {
  it("X7/vietnamese says an error by its code, field and value, and keeps the server's sentence beside it", () => {
    const error = fail("NOT_FOUND", {
      message: "There is no deployment churn in dev",
      field: "deployment",
      value: "churn",
      help: "npx --no causeway deployments list",
    });
    expect(errorWords(error, vietnamese)).toEqual({
      title: "Không có deployment churn",
      server: "There is no deployment churn in dev",
      help: "npx --no causeway deployments list",
    });
    expect(errorWords(error, english)).toEqual({
      title: "There is no deployment churn in dev",
      server: null,
      help: "npx --no causeway deployments list",
    });
  });

  it("X7/vietnamese has words for every code", () => {
    for (const code of ERROR_CODES) {
      const title = errorTitle(fail(code, { message: "as the server said" }), vietnamese);
      expect(title, code).not.toBe("as the server said");
      expect(title, code).toMatch(/[à-ỹđ]/i);
    }
  });

  it("keeps what is no error of the platform as it came", () => {
    expect(errorWords(new Error("boom"), vietnamese)).toEqual({ title: "boom", server: null, help: null });
  });

  it.each(RULES)("X7/vietnamese says what a value should have been: %o", (rule, said) => {
    expect(ruleText(rule, vietnamese)).toBe(said);
    expect(ruleText(rule, english)).not.toBe(said);
  });

  it("has words for every rule, and the sentence where there is none", () => {
    const kinds = IssueRule.options.map(({ shape }) => shape.says.value).sort();
    expect(RULES.map(([{ says }]) => says).sort()).toEqual(kinds);
    const issue = { field: "a", expected: "a metric such as auc", got: '"AUC"' };
    expect(issueText(issue, vietnamese)).toBe('cần a metric such as auc, nhận "AUC"');
    expect(issueText({ ...issue, rule: { says: "missing" }, got: "nothing" }, vietnamese)).toBe(
      "cần một giá trị",
    );
  });

  it("reads the rules of the schemas", () => {
    const rules = (settings: object) =>
      PolicySettings.safeParse({ retrain: "churn", ...settings }).error?.issues.map(issueRule);
    expect(Name.safeParse("Not A Name").error?.issues.map(issueRule)).toEqual([{ says: "name" }]);
    expect(rules({ cooldown: "soon" })).toEqual([{ says: "duration" }]);
    expect(rules({ budget: { trainings: 0, per: "month" } })).toEqual([
      { says: "least", bound: 1, of: "number" },
    ]);
    expect(rules({ budget: { trainings: 1, per: "decade" } })).toEqual([
      { says: "one-of", values: ["day", "week", "month", "year"] },
    ]);
    expect(rules({ colour: 1 })).toEqual([{ says: "unknown", fields: ["colour"] }]);
    expect(rules({ refit: undefined, retrain: undefined })).toEqual([{ says: "missing" }]);
  });
});
