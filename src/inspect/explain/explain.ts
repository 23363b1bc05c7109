import type { Flags } from '../arguments.ts';
import { chosen, tracesIn } from '../choose.ts';
import type { Input } from '../input-from.ts';
import type { Result } from '../result.ts';
import { storyOf } from './story.ts';
import { tellStory } from './tell.ts';

/** Tells how each connection of the files ended, and why. */
export function explain(
  inputs: readonly Input[],
  flags: Flags,
  { width, colour }: { readonly width: number; readonly colour: boolean },
): Result {
  const notes = inputs.flatMap(({ notes: said }) => said);
  const stories = inputs.flatMap((input) => chosen(tracesIn(input), flags)).map(storyOf);
  if (flags.has('json')) return { text: `${JSON.stringify(stories, null, 2)}\n`, notes };
  const bold = (text: string): string => (colour ? `\x1b[1m${text}\x1b[0m` : text);
  return { text: stories.map((story) => tellStory(story, width, bold)).join('\n'), notes };
}
