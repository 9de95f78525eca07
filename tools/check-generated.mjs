// Fails when a generated file differs from what is committed or staged: run at the end of a build, which
// has made all of them again.
import { execFileSync } from 'node:child_process';

const GENERATED = ['API.md', 'docs/admission.md', 'docs/api', 'docs/constructs', 'docs/images', 'docs/rules/README.md', 'docs/schemas', 'imports', 'src/analysis/rules.ts', 'src/integration/mtls-rule.ts', 'package.json', 'package-lock.json', 'tsconfig.json', 'test/tsconfig.json', '.projen', '.eslintrc.json', '.gitattributes', '.gitignore', '.npmignore', '.github', 'LICENSE'];

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });
const stale = git('diff', '--name-only', '--', ...GENERATED);
const untracked = git('ls-files', '--others', '--exclude-standard', '--', ...GENERATED);
if (stale || untracked) {
  console.error(`Generated files were stale:\n${stale}${untracked}The build has made them again. Fix: review and commit (or stage) them.`);
  process.exit(1);
}
