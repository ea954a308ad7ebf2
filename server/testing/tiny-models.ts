// Two ONNX models of a few hundred bytes, written as they are: operators of ONNX 1.8 and ai.onnx.ml 1, opset 13.

/**
 * A classifier with one input `x` of two columns and the classes No and Yes; the score of Yes is 1 / (1 + exp(-x0)). Its
 * scores go through a ZipMap, as scikit-learn's exports do.
 */
export const CLASSIFIER = decoded([
  "CAg64wIKuAEKAXgSBWxhYmVsEgpyYXdfc2NvcmVzIhBMaW5lYXJDbGFzc2lmaWVyKiEKE2NsYXNzbGFiZWxzX3N0cmluZ3NK",
  "Ak5vSgNZZXOgAQgqJQoMY29lZmZpY2llbnRzPQAAgL89AAAAAD0AAIA/PQAAAACgAQYqGQoKaW50ZXJjZXB0cz0AAAAAPQAA",
  "AACgAQYqHQoOcG9zdF90cmFuc2Zvcm0iCExPR0lTVElDoAEDOgphaS5vbm54Lm1sClIKCnJhd19zY29yZXMSDXByb2JhYmls",
  "aXRpZXMiBlppcE1hcCohChNjbGFzc2xhYmVsc19zdHJpbmdzSgJOb0oDWWVzoAEIOgphaS5vbm54Lm1sEgV0ZXN0c1oUCgF4",
  "Eg8KDQgBEgkKAxIBTgoCCAJiFAoFbGFiZWwSCwoJCAgSBQoDEgFOYh8KDXByb2JhYmlsaXRpZXMSDiIMCgoqCAgHEgQKAggB",
  "QgIQDUIOCgphaS5vbm54Lm1sEAE=",
]);

/** A regression with the inputs `a` and `b`, one column of doubles each; it answers a + b. */
export const SUM = decoded([
  "CAg6XQoQCgFhCgFiEgNzdW0iA0FkZBIFdGVzdHNaFAoBYRIPCg0ICxIJCgMSAU4KAggBWhQKAWISDwoNCAsSCQoDEgFOCgII",
  "AWIWCgNzdW0SDwoNCAsSCQoDEgFOCgIIAUICEA1CDgoKYWkub25ueC5tbBAB",
]);

function decoded(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(""), "base64");
}
