/** The key by which the literal is known that the bundler puts in place of a query's lambda. */
export const MARKER = '$nightshift.query';
