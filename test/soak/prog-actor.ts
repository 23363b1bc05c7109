import type { Heard } from './agent.ts';
import type { Said } from './speech.ts';
import type { Agents } from './switchboard.ts';
import type { ProgStep } from './words.ts';

/** How prog ended, when that was its own doing. */
export type OwnEnd = { readonly code: number } | { readonly signal: number };

/** prog, and the grandchild that it may leave, as a schedule drives them; keeps account of what they were told and have done. */
export class ProgActor {
  readonly #agents: Agents;
  #said = { least: 0, most: 0 };
  #stdoutClosed = false;
  #stdinClosed = false;
  #readsToEof = false;
  #grandchild: 'none' | 'holds stdout' | 'holds nothing' | 'told to exit' = 'none';
  #readTarget = 0;

  /** How it was told to end. */
  ownEnd: OwnEnd | undefined;

  constructor(agents: Agents) {
    this.#agents = agents;
  }

  get said(): Said {
    return this.#said;
  }

  get heard(): Heard {
    return this.#agents.prog.heard;
  }

  /** It has said so itself. */
  get ran(): boolean {
    return this.#agents.prog.ran;
  }

  /** Everybody who could write has been told to stop, or has gone. */
  get outputEnds(): boolean {
    return !this.#progHoldsStdout && (this.#grandchild !== 'holds stdout' || this.#agents.grandchild.gone);
  }

  /** It waits for EOF, so that nothing it was told after that will happen before. */
  get waitsForEof(): boolean {
    return this.#readsToEof && !this.heard.eof && !this.#agents.prog.gone;
  }

  /** It takes all that comes, or nobody is there to take anything. */
  get takesAll(): boolean {
    return this.#readsToEof || this.#stdinClosed || this.ownEnd !== undefined || this.#agents.prog.gone;
  }

  /** It was told to read to EOF, and to nothing that would keep it from that. */
  get readsToEof(): boolean {
    return this.#readsToEof;
  }

  /** Bytes that it was told to read. */
  get readTarget(): number {
    return this.#readTarget;
  }

  /** Resolves when the step is done, or can no longer be; `available`: bytes that it can read without waiting for a later step. */
  async do(step: ProgStep, available: number): Promise<void> {
    const { prog } = this.#agents;
    if (step.does === 'prog writes') return this.#write(step.bytes);
    if (step.does === 'grandchild exits') return this.#grandchildExits();
    if (this.ownEnd !== undefined) return;
    switch (step.does) {
      case 'prog reads': {
        if (this.#stdinClosed || this.#readsToEof) return;
        const target = Math.min(this.#readTarget + step.bytes, available);
        if (target <= this.#readTarget) return;
        this.#readTarget = target;
        await prog.tell(`read ${String(target)}`);
        return;
      }
      case 'prog reads to EOF':
        if (this.#stdinClosed || this.#readsToEof) return;
        this.#readsToEof = true;
        await prog.tell('read_to_eof');
        return;
      case 'prog closes stdin':
        this.#stdinClosed = true;
        await prog.tell('close_stdin');
        return;
      case 'prog closes stdout':
        this.#stdoutClosed = true;
        await prog.tell('close_stdout');
        return;
      case 'prog leaves a grandchild':
        if (this.#grandchild !== 'none') return;
        this.#grandchild = this.#stdoutClosed ? 'holds nothing' : 'holds stdout';
        if ((await prog.tell('fork')) === 'gone') this.#agents.grandchild.leave();
        return;
      case 'prog exits':
        this.ownEnd = { code: step.code };
        await prog.tell(`exit ${String(step.code)}`);
        return;
      case 'prog crashes':
        this.ownEnd = { signal: step.signal };
        await prog.tell(`crash ${String(step.signal)}`);
        return;
    }
  }

  async #grandchildExits(): Promise<void> {
    if (this.#grandchild === 'none' || this.#grandchild === 'told to exit') return;
    this.#grandchild = 'told to exit';
    await this.#agents.grandchild.tell('exit 0');
  }

  /** Once there is a grandchild only that writes: it begins when prog has done all that it was told before. */
  async #write(bytes: number): Promise<void> {
    if (this.#grandchild === 'none' ? !this.#progHoldsStdout : this.#grandchild !== 'holds stdout') return;
    const writer = this.#grandchild === 'none' ? this.#agents.prog : this.#agents.grandchild;
    const from = this.#said.most;
    this.#said = { ...this.#said, most: from + bytes };
    if ((await writer.tell(`write ${String(from)} ${String(bytes)}`)) !== 'gone') {
      this.#said = { ...this.#said, least: from + bytes };
    }
  }

  get #progHoldsStdout(): boolean {
    return !this.#stdoutClosed && this.ownEnd === undefined && !this.#agents.prog.gone;
  }
}
