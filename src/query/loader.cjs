/**
 * The webpack loader for the app's modules: a file of its own, because webpack loads it by its path; JavaScript, because
 * it does so without compiling it. `compile(source, file)` does the work, for each bundle anew: see `compile-module`.
 */
module.exports = function (source) {
  this.cacheable(false);
  return this.getOptions().compile(source, this.resourcePath);
};
