import { type Block, readBlocks, readInline } from "./markdown-blocks.ts";

/** A Markdown text as elements; the page's `h1` is the page's own, so headings start one level lower. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      {readBlocks(text).map((block, index) => (
        // Blocks have no name but their place in the text.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return block.level === 3 ? (
        <h3>
          <Words text={block.text} />
        </h3>
      ) : (
        <h2>
          <Words text={block.text} />
        </h2>
      );
    case "paragraph":
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
    case "list":
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>
              <Words text={item} />
            </li>
          ))}
        </ul>
      );
    case "code":
      return <pre className="log">{block.text}</pre>;
    case "table":
      return (
        <div className="scroll">
          <table className="table compact">
            <thead>
              <tr>
                {block.head.map((cell) => (
                  <th key={cell} scope="col">
                    <Words text={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row) => (
                <tr key={row.join("|")}>
                  {row.map((cell, column) => (
                    <td key={block.head[column] ?? column}>
                      <Words text={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    default:
      return block satisfies never;
  }
}

function Words({ text }: { text: string }) {
  return readInline(text).map((part, index) => {
    const key = `${index}:${part.text}`;
    if (part.kind === "strong") return <b key={key}>{part.text}</b>;
    if (part.kind === "code") return <code key={key}>{part.text}</code>;
    return <span key={key}>{part.text}</span>;
  });
}
