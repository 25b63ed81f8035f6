/** The module `nightshift`: of the build, or the source when it runs from source. */
export const indexPath = require.resolve('../../index');
