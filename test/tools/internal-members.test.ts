// The types that users see have no internal members: tools/internal-members.mjs takes them out of the compiled library.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const LIB = join(__dirname, '../../lib/src');
const SRC = join(__dirname, '../../src');

interface Member {
  readonly of: string;
  readonly name: string;
  readonly isInternal: boolean;
  readonly isPrivate: boolean;
}

/** The members of the classes and interfaces of constructs and of what goes with them. */
function membersIn(root: string, ending: string): readonly Member[] {
  return ['constructs', 'integration'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending)).sort().flatMap((name) => {
      const source = ts.createSourceFile(name, readFileSync(join(root, folder, name), 'utf8'), ts.ScriptTarget.Latest, true);
      const declared = source.statements.filter((one) => ts.isClassDeclaration(one) || ts.isInterfaceDeclaration(one));
      return declared.flatMap(({ members, name: of }) => [...members].map((member) => {
        const text = member.name?.getText() ?? '';
        return {
          of: `${folder}/${name} ${of?.text}`,
          name: text,
          isInternal: text.startsWith('_') || ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal'),
          isPrivate: text === '#private' || (text !== '' && ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)),
        };
      }));
    }));
}

const typed = membersIn(LIB, '.d.ts');

test('the sources have internal members, and the types of the package none', () => {
  expect(membersIn(SRC, '.ts').filter(({ isInternal }) => isInternal).length).toBeGreaterThan(30);
  expect(typed.length).toBeGreaterThan(500);
  expect(typed.filter(({ isInternal }) => isInternal).map(({ of, name }) => `${of}: ${name}. Fix: npx projen compile runs tools/internal-members.mjs`)).toEqual([]);
});

/** Values that only their own class makes: Istio's YAML in their place must not compile. */
test.each([
  'Backend', 'CaSource', 'CertManagerIssuer', 'ClientCredential', 'ClientTls', 'ExternalSecretStore', 'HttpFault', 'IstioCsrIssuer', 'LoadBalancing',
  'MachineProxy', 'Pods', 'RotatingCa', 'Services', 'StringMatch', 'Subset',
])('%s accepts no object of another class', (name) => {
  const own = typed.filter(({ of }) => of.endsWith(`.d.ts ${name}`));
  expect(own.some(({ isPrivate }) => isPrivate)).toBe(true);
});

test('no import of the types is left without use', () => {
  const unused = ['constructs', 'integration'].flatMap((folder) => readdirSync(join(LIB, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts')).sort().flatMap((name) => {
      const text = readFileSync(join(LIB, folder, name), 'utf8');
      const names = [...text.matchAll(/^import (?:type )?\{ ([^}]+) \}/gm)].flatMap(([, list]) => list.split(', ').map((one) => one.replace(/^(?:type |.* as )/, '')));
      return names.filter((one) => text.match(new RegExp(`\\b${one}\\b`, 'g'))!.length < 2).map((one) => `${folder}/${name}: ${one}`);
    }));
  expect(unused).toEqual([]);
});
