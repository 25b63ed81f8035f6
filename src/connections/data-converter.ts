/** How values become payloads, on both sides: Temporal loads the module by path, in Node and into the bundle. */
export const payloadConverterPath = require.resolve('../shared/payload-converter');

export const dataConverter = { payloadConverterPath };
