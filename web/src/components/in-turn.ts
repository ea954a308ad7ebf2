/** Drawings that wait, the oldest first. */
const waiting: { draw: () => void; isDropped: boolean }[] = [];
let isRunning = false;

/**
 * Does heavy drawings one per task, so that several charts that change at once never hold the page up together. Returns
 * how to drop a drawing that is not wanted any more.
 */
export function inTurn(draw: () => void): () => void {
  const turn = { draw, isDropped: false };
  waiting.push(turn);
  if (!isRunning) {
    isRunning = true;
    setTimeout(next, 0);
  }
  return () => {
    turn.isDropped = true;
  };
}

function next(): void {
  let turn = waiting.shift();
  while (turn?.isDropped === true) turn = waiting.shift();
  if (turn === undefined) {
    isRunning = false;
    return;
  }
  try {
    turn.draw();
  } finally {
    setTimeout(next, 0);
  }
}
