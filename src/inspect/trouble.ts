/** Why the command cannot do what it was asked to; its message is one line without the program's name. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
}

/** Something inside a file is wrong: `FILE:LINE: reason`. */
export const wrongIn = (file: string, line: number, reason: string): Trouble =>
  new Trouble(`${file}:${String(line)}: ${reason}`);
