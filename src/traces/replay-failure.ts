// What Temporal says of a replay that failed: by its texts alone one failure is told from another.

/** A loop was cut. */
export const isEndless = (message: string): boolean => /Script execution timed out/.test(message);

/** A promise was rejected and nobody handled it: the next replay in the same process goes on, see floating-rejections.ts. */
export const isFloating = (message: string): boolean => /Unhandled Promise rejection/.test(message);
