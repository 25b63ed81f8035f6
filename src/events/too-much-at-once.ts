/** Temporal's words for a task of which it cannot take the answer: it ends the event then. */
const REASON = /GrpcMessageTooLarge/;

/** What to say of an event that was ended for this reason; undefined for any other. */
export const tooMuchAtOnce = (reason: string | null | undefined): string | undefined =>
  REASON.test(reason ?? '')
    ? 'Its steps gave more than 4 MB at once, which Temporal does not take: read less, or one after the other with a sleep between'
    : undefined;
