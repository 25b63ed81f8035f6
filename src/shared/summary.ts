/** Temporal keeps 400 bytes of a summary. */
const MAX_LENGTH = 200;

/** What a step was about, as the Temporal UI shows it beside the step. */
export const summaryText = (text: string): string => text.slice(0, MAX_LENGTH);

/** False for one whose end may be missing. */
export const isWhole = (summary: string): boolean => summary.length < MAX_LENGTH;
