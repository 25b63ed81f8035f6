/** What Nightshift itself does around a handler: no step of the handler. */
const OURS = /^(?:Queue|Migration|Resume)::/;

export const isOurs = (step: string): boolean => OURS.test(step);

/** The handler begins behind the last of these. */
export const GATE = 'Queue::admit';
