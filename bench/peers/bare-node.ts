import { createServer } from "node:http";

// The floor: Node's own HTTP server that parses the body and answers JSON of the same form, with no model behind it.
const [port] = process.argv.slice(2);

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const record = JSON.parse(Buffer.concat(chunks).toString());
    const no = record.feature_0 > 1 ? 0.25 : 0.75;
    const text = JSON.stringify({
      id: "019a0000-0000-7000-8000-000000000000",
      model: "churn",
      version: 1,
      predictions: [{ value: no > 0.5 ? "No" : "Yes", scores: { No: no, Yes: 1 - no } }],
    });
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    });
    response.end(text);
  });
}).listen(Number(port), "127.0.0.1");
