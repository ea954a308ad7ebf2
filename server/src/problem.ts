// Named one by one: whoever imports the whole contract waits for every schema in it.
export { fail, toProblem } from "@causeway/contract";
