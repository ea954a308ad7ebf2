import { defineGate, NO_ESTIMATES } from "./define.ts";

/** The challenger answers like the version that it is judged against. */
export const agrees = defineGate({
  rule: "agrees",
  judge(rule, rows) {
    const { mean, most, golden } = rows.agreement();
    const { same, of } = golden(rule.mean);
    const plain = { low: null, high: null, confidence: null, method: null };
    const difference = { name: "prediction difference", value: mean, ...plain };
    const passed = mean <= rule.mean && same >= rule.golden * of;
    const found = `answers differ by ${mean.toFixed(3)} on average and ${most.toFixed(3)} at most, ${same} of ${of} golden rows are alike`;
    const wanted = `wanted are at most ${rule.mean} on average and ${Math.ceil(rule.golden * of)} golden rows`;
    const agreement = { mean, most, same, golden: of };
    const reason = passed ? found : `${found}; ${wanted}`;
    return { ...NO_ESTIMATES, difference, passed, reason, agreement };
  },
});
