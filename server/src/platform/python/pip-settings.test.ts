import { expect, it } from "vitest";
import { uvVariables } from "./pip-settings.ts";

const LISTED = [
  ":env:.find-links='/opt/wheels'",
  "global.cert='/etc/ssl/own.crt'",
  "global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'",
  "global.find-links='/other'",
  "global.index-url='https://mirror.example/simple'",
  "global.timeout='60'",
];

it("tells uv where pip takes packages from; a variable is stronger than a file", () => {
  expect(uvVariables(LISTED, {})).toEqual({
    UV_DEFAULT_INDEX: "https://mirror.example/simple",
    UV_INDEX: "https://one.example/simple https://two.example/simple",
    UV_INDEX_STRATEGY: "unsafe-best-match",
    UV_FIND_LINKS: "/opt/wheels",
    SSL_CERT_FILE: "/etc/ssl/own.crt",
  });
});

it("leaves what is set for uv itself, and sets nothing where pip has no settings", () => {
  const own = { UV_INDEX: "https://own.example/simple", UV_DEFAULT_INDEX: "https://own.example" };
  expect(uvVariables(LISTED, own)).toEqual({
    UV_FIND_LINKS: "/opt/wheels",
    SSL_CERT_FILE: "/etc/ssl/own.crt",
  });
  expect(uvVariables(["No module named pip"], {})).toEqual({});
});
