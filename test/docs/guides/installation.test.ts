import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

/** Commands that would install a package from the registry under one of our names, which aren't published. */
const FROM_THE_REGISTRY = [
  /\bnpx (?!--no-install )(?:-\S+ )*(?:cdk8s-)?istio-mtls\b.*/g,
  /\bnpm (?:i|install|add|exec)\b.* (?:cdk8s-)?istio-mtls(?![\w/.-]).*/g,
];

const found = (text: string) => FROM_THE_REGISTRY.flatMap((pattern) => text.match(pattern) ?? []);

test.each([
  'npx istio-mtls check dist/', 'npx --yes istio-mtls check', 'npx cdk8s-istio-mtls rules', 'npm install cdk8s-istio-mtls cdk8s', 'npm i -D cdk8s-istio-mtls', 'npm exec istio-mtls',
])('"%s" would take a foreign package', (line) => expect(found(line)).toEqual([line]));

test.each([
  'npx --no-install istio-mtls check dist/', 'npm install ../cdk8s-istio-mtls/cdk8s-istio-mtls-0.1.0.tgz cdk8s', 'istio-mtls check dist/',
])('"%s" takes ours', (line) => expect(found(line)).toEqual([]));

test('no page and no text of the command takes a package of our name from the registry', () => {
  const files = ['README.md', 'CONTRIBUTING.md', ...['docs', 'src', 'bin', 'examples'].flatMap(filesOf)];
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => found(readFileSync(join(ROOT, file), 'utf8')).map((text) => `${file}: ${text}`))).toEqual([]);
});

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}
