/** What the rules of a gate found. */
export const verdict = {
  own: "{metric} {value}",
  challengerUndefined: "{metric} of the challenger is not defined on these rows",
  undefined: "{metric} is not defined on these rows",
  noChampion: "{own}; there is no champion to compare with",
  differenceUndefined: "{own}; the difference to the champion is not defined on these rows",
  difference: "{own} against {champion}, difference {difference}: {verdict}",
  betterBy: "better by more than {by}",
  notWorseBy: "not worse by more than {by}",
  notShown: "not shown to be {wanted}",
  atLeast: "at least {value} is wanted",
  atMost: "at most {value} is wanted",
  floor: "{own}, {wanted}",
  floorMissed: "{found}: it does not reach it",
  noSlice: "no value of {slice} has 30 judged rows",
  everySlice: "{metric} in each of {count, plural, one {# value} other {# values}} of {slice}: {wanted}",
  slice:
    "{metric} is {value} where {slice} is {of} ({rows, plural, one {# row} other {# rows}}), {wanted}; {missed} of {count, plural, one {# value} other {# values}} miss it",
  notDefined: "not defined",
  agrees:
    "answers differ by {mean} on average and {most} at most, {same} of {golden, plural, one {# golden row is} other {# golden rows are}} alike",
  agreesNot:
    "{found}; wanted are at most {mean} on average and {golden, plural, one {# golden row} other {# golden rows}}",
  rows: "{rows, plural, one {# row was} other {# rows were}} judged",
  tooFewRows:
    "{rows, plural, one {# row was} other {# rows were}} judged; at least {least, number} are wanted",
} as const;
