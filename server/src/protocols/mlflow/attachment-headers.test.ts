import { describe, expect, it } from "vitest";
import { attachmentHeaders } from "./attachment-headers.ts";

describe("what a file is sent with", () => {
  it.each([
    ["a/b.txt", "text/plain"],
    ["MLmodel", "text/plain"],
    ["project/mlproject", "text/plain"],
    ["table.json", "text/plain"],
    ["page.html", "text/html"],
    ["plot.png", "image/png"],
    ["report.pdf", "application/pdf"],
    ["model.pkl", "application/octet-stream"],
  ])("of %s names the type %s, as clients compare it", (path, type) => {
    expect(attachmentHeaders(path)["content-type"]).toBe(type);
  });

  it.each([
    ["images/dog+step+20+timestamp+100.png", "attachment; filename=dog+step+20+timestamp+100.png"],
    ["a b.txt", 'attachment; filename="a b.txt"'],
    ['a"b\\c.txt', 'attachment; filename="a\\"b\\\\c.txt"'],
    ["ünï.txt", "attachment; filename=\"uni.txt\"; filename*=UTF-8''%C3%BCn%C3%AF.txt"],
    ["模型.bin", "attachment; filename=\".bin\"; filename*=UTF-8''%E6%A8%A1%E5%9E%8B.bin"],
  ])("says that %s is saved under its name", (path, disposition) => {
    expect(attachmentHeaders(path)["content-disposition"]).toBe(disposition);
  });
});
