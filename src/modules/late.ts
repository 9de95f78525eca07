/**
 * A module that is loaded where it is used, so that a run without it starts sooner: `late<typeof import('./x')>(() => require('./x'))`.
 * The call of `require` has the path itself, because only then jsii's CommonJS and every bundler find the module.
 */
export function late<Module extends object>(load: () => unknown): Module {
  return load() as Module;
}
