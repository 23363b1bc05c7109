/** What is told of an error: its message is a sentence for people. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
