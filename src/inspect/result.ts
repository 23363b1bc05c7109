/** What a command has to say. */
export interface Result {
  /** For stdout, or for the file that `--output` names. */
  readonly text: string;
  /** For fd 2, a line each: what was incomplete, or is not as expected. */
  readonly notes: readonly string[];
  /** 1 when two things differ; 0 when it is left out. */
  readonly exitStatus?: 0 | 1;
}
