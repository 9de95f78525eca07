// Makes each export of the compiled library load its module when it is first read: an app reads a few of them, and loading all
// takes as long as loading cdk8s-plus. Node finds the names for `import` in `exports.A = exports.B = void 0`, which
// stays, so long as no getter stands behind a literal `Object.defineProperty(exports`.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const index = fileURLToPath(new URL('../lib/src/index.js', import.meta.url));
const require = createRequire(index);

const compiled = readFileSync(index, 'utf8');
if (compiled.includes('const lazily')) process.exit(); // jsii has written nothing, as nothing has changed

const modules = new Map();
const lines = compiled.split('\n').flatMap((line) => {
  const [, variable, path] = /^var (\w+) = require\("(.+)"\);$/.exec(line) ?? [];
  if (variable) modules.set(variable, path);
  if (variable) return [];

  const [, name, from] = /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.\1; \} \}\);$/.exec(line) ?? [];
  if (name) return exported(name, `require(${JSON.stringify(modules.get(from))}).${name}`);

  const [, namespace, whole] = /^exports\.(\w+) = (__importStar\(require\(".+"\)\));$/.exec(line) ?? [];
  if (namespace) return exported(namespace, whole, `var ${namespace};`, `${namespace} ??= ${whole}`);

  const [, unnamed] = /^__exportStar\(require\("(.+)"\), exports\);/.exec(line) ?? [];
  if (unnamed) return Object.keys(require(unnamed)).flatMap((one) => [`exports.${one} = void 0;`, ...exported(one, `require(${JSON.stringify(unnamed)}).${one}`)]);

  if (/^\S.*\brequire\(/.test(line)) throw new Error(`${index}: ${line}\nExpected an export in a form that this tool knows. Fix: teach it the form.`);
  return [line];
});
const first = lines.findIndex((line) => line.includes('lazily('));
lines.splice(first, 0, 'const lazily = (name, get) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });');
writeFileSync(index, lines.join('\n'));

function exported(name, value, declared, cached = value) {
  const lazily = `lazily("${name}", () => ${cached});`;
  return declared ? [declared, lazily] : [lazily];
}
