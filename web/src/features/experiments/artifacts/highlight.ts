/** A stretch of code and what it is. */
export type CodePart = { kind: "text" | "comment" | "string" | "number" | "word" | "name"; text: string };

const WORDS =
  "and|as|assert|async|await|break|case|catch|class|const|continue|def|default|del|do|elif|else|except|export|extends|false|False|finally|for|from|function|global|if|import|in|interface|is|lambda|let|new|None|nonlocal|not|null|or|pass|raise|return|select|SELECT|FROM|WHERE|self|static|super|switch|this|throw|True|true|try|type|typeof|undefined|var|while|with|yield";

const HASH_COMMENTS = new Set(["py", "yaml", "yml", "toml", "sh", "r", "ini", "cfg", "txt"]);

/** Parts code into comments, strings, numbers and the words of its language: enough to read by, for any of them. */
export function highlight(code: string, extension: string): CodePart[] {
  const comment = HASH_COMMENTS.has(extension)
    ? "#[^\\n]*"
    : extension === "sql"
      ? "--[^\\n]*|/\\*[\\s\\S]*?\\*/"
      : "//[^\\n]*|/\\*[\\s\\S]*?\\*/";
  // A key stands at the beginning of a line of YAML, or in quotes before a colon.
  const name = extension === "yaml" || extension === "yml" ? "|(?<name>^[ \\t]*(?:- )?[\\w.-]+(?=:))" : "";
  const pattern = new RegExp(
    `(?<comment>${comment})|(?<string>"""[\\s\\S]*?"""|'''[\\s\\S]*?'''|"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'|\`(?:\\\\.|[^\`\\\\])*\`)${name}|(?<number>\\b\\d[\\w.]*\\b)|(?<word>\\b(?:${WORDS})\\b)`,
    "gm",
  );
  const parts: CodePart[] = [];
  let end = 0;
  for (const match of code.matchAll(pattern)) {
    if (match.index > end) parts.push({ kind: "text", text: code.slice(end, match.index) });
    const groups = match.groups ?? {};
    const kind = (["comment", "string", "name", "number", "word"] as const).find(
      (group) => groups[group] !== undefined,
    );
    parts.push({ kind: kind ?? "text", text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) parts.push({ kind: "text", text: code.slice(end) });
  return parts;
}
