// Breaks a share of the code only: with MUTATION_SHARE=2/5 the second fifth of its functions, methods and constants. A function's
// text says to which share it belongs, so that shares stay the same wherever code moves, and all of them together are all of it.
import { createHash } from 'node:crypto';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const [share, of] = (process.env.MUTATION_SHARE ?? '1/1').split('/').map(Number);

/** What is left out as a whole, or not at all. */
function isPart(path) {
  return path.parentPath?.isClassBody() || (path.isStatement() && !declaresClass(path.node) && path.parentPath?.isProgram());
}

function declaresClass(node) {
  return (node.declaration ?? node).type === 'ClassDeclaration';
}

function shareOf(text) {
  return createHash('sha256').update(text).digest().readUInt32BE() % of + 1;
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'share', {
  shouldIgnore: (path) => (of > 1 && isPart(path) && shareOf(path.toString()) !== share ? `not of share ${share} of ${of}` : undefined),
})];
