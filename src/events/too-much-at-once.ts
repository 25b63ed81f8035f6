/** Temporal's words for a task of which it cannot take the answer: it ends the event then. */
const REASON = /GrpcMessageTooLarge/;

/** What to say of an event that was ended for this reason; undefined for any other. */
export const tooMuchAtOnce = (reason: string | null | undefined): string | undefined =>
  REASON.test(reason ?? '')
    ? 'It gave Temporal more than 4 MB at once, which Temporal does not take: call what is large one after the other'
    : undefined;
