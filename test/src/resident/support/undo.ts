const undos: (() => void)[] = [];

/** Remembers how to undo what a test has begun, so that a test that fails does not keep the others from their end. */
export const undoLater = (undo: () => void): void => void undos.push(undo);

/** For `test.after.each`. Everything that is undone here may have been ended before. */
export const undoAll = (): void => {
  for (const undo of undos.splice(0)) undo();
};
