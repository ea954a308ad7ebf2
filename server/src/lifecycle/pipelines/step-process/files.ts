/**
 * Node's file functions. Importing `node:fs` as a module would read every member of it, and with the late ones load streams:
 * milliseconds that every step of every pipeline would wait.
 */
export const files = process.getBuiltinModule("node:fs");
