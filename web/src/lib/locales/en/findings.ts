/** What a reader of the data should know. */
export const findingFact = {
  blanks: "{rows, plural, one {# blank} other {# blanks}}",
  blanksAs: "{rows, plural, one {# blank} other {# blanks}} ({markers})",
  blanksOrNothing: "{rows, plural, one {# blank} other {# blanks}} ({markers} or nothing)",
  where: "{what}, all where {column} = {value}",
  setAside: "{rows, plural, one {# row} other {# rows}} set aside",
  setAsideFirst:
    "{rows, plural, one {# row} other {# rows}} set aside, the first at line {line} of {file}: {reason}",
  constant: "every row has {column} = {value}",
  repeated: "{rows, plural, one {# row repeats} other {# rows repeat}} a {column}, for example {example}",
  missingKey: "{rows, plural, one {# row has} other {# rows have}} no {column}",
  misfit: {
    boolean: "not true or false",
    integer: "not a whole number of 64 bits",
    double: "not a number",
    date: "not a day written YYYY-MM-DD",
    timestamp: "not a time written YYYY-MM-DD hh:mm:ss",
    string: "not text",
  },
} as const;

/** Why a step ran or was taken from the cache. */
export const stepWhy = {
  same: "same data, code, params",
  fresh: "a fresh run was asked for",
  uncached: "its results are not cached",
  lost: "its earlier result is not kept",
  first: "first run",
  code: "code changed",
  lock: "lock changed",
  outputs: "outputs changed",
  param: "param {name} {before} → {now}",
  input: "input {name} changed: {before} → {now}",
  nothing: "nothing",
  more: "{count, number} more",
} as const;
