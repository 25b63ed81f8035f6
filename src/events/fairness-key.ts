const MAX_FAIRNESS_KEY = 64;

/** What Temporal shares its workers out by: the handler. At most 64 bytes: long names share a key by their end, where names of one family differ. */
export function fairnessKeyOf(handler: string): string {
  const bytes = Buffer.from(handler);
  return bytes.length <= MAX_FAIRNESS_KEY
    ? handler
    : bytes.subarray(-MAX_FAIRNESS_KEY).toString().replaceAll('\ufffd', '');
}
