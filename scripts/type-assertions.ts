import ts from "typescript";

/**
 * Lines (from 1) of `as` expressions without a reason beside them: a comment on the line, within two above it, or
 * above the statement it stands in. `as const` and `satisfies` need none, since neither can lie.
 */
export function unreasonedAssertions(path: string, text: string): number[] {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const lines = text.split("\n");
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const hasComment = (line: number) => /\/\/|\*\/|\/\*/.test(lines[line] ?? "");
  const found: number[] = [];

  const visit = (node: ts.Node) => {
    if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) {
      const first = lineOf(node.getStart(source));
      const last = lineOf(node.getEnd());
      const statement = lineOf(statementOf(node).getStart(source));
      const beside = [first - 2, first - 1, first, last, statement - 1];
      if (!beside.some(hasComment)) found.push(last + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function statementOf(node: ts.Node): ts.Node {
  let current = node;
  while (!ts.isStatement(current) && current.parent) current = current.parent;
  return current;
}
