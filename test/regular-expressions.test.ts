// Each regular expression of the library in linear time, as far as texts of one or two characters in a row can tell: manifests are
// of others, and may hold anything. What takes longer is listed with what bounds its texts, or why nobody else writes them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { Objections } from '../src/admission/objection';
import { readKeySet } from '../src/admission/webhook/values/jwks';
import { judgePathTemplate } from '../src/admission/webhook/values/matches';

const SRC = join(__dirname, '../src');
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).sort();

/** `file /expression/`: its reach. */
const BOUNDED: Readonly<Record<string, string>> = {
  'admission/metadata/kubernetes-names.ts /[-.]*\\.[-.]*/g': 'a name, cut to 253 characters',
  'adoption/attempts.ts /: ([^]*?)(?:, because [^]*?)?\\. Fix: [^]*\\[(\\w+)\\]$/': 'the message of a refusal, whose quotes are cut',
  'findings/numeral.ts /\\B(?=(?:\\d{3})+$)/g': 'a number',
  'mesh/certificates/ca-sources.ts /([\\d.]+)(ms|[hms])/g': 'only a duration, which another expression has checked',
};

interface Expression { readonly file: string; readonly text: string; readonly regex: RegExp }

function expressionsIn(file: string): Expression[] {
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ file, text: node.text, regex: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

/** Those that are made of texts: when a module is loaded, or when it is given something. */
function madeExpressions(): Expression[] {
  const found: Expression[] = [];
  const real = globalThis.RegExp;
  globalThis.RegExp = new Proxy(real, {
    construct(target, args: [string, string?]) {
      const regex = new target(...args);
      const file = /\n.*\/src\/(\S+\.ts):/.exec((new Error().stack ?? '').split('\n').slice(0, 3).join('\n'))?.[1];
      if (file !== undefined) found.push({ file, text: `/${regex.source}/${regex.flags}`, regex });
      return regex;
    },
  });
  try {
    jest.isolateModules(() => {
      const loaded = new Map<string, any>(MAKING.map((file) => [file, jest.requireActual(join(SRC, file))]));
      const { FROM, SERVER, TO } = loaded.get('expectations/pattern.ts');
      for (const rule of [FROM, SERVER, TO]) rule.holds('shop/web');
      for (const key of ['AQAB', 'AQA=']) loaded.get('admission/webhook/values/jwks.ts').readKeySet(JSON.stringify({ keys: [{ kty: 'RSA', n: key, e: key }] }));
    });
  } finally {
    globalThis.RegExp = real;
  }
  return found;
}

/** Those of the schemas, which objects are held against. */
function schemaExpressions(): Expression[] {
  const found = new Set<string>();
  JSON.parse(readFileSync(join(SRC, '../imports/schemas.json'), 'utf8'), (key, value) => {
    if (key === 'pattern' && typeof value === 'string') found.add(value);
    return value;
  });
  return [...found].map((pattern) => ({ file: 'imports/schemas.json', text: `/${pattern}/u`, regex: new RegExp(pattern, 'u') }));
}

const MAKING = FILES.filter((file) => readFileSync(join(SRC, file), 'utf8').includes('new RegExp('));
const MADE = madeExpressions();
const EXPRESSIONS = [...FILES.flatMap(expressionsIn), ...MADE, ...schemaExpressions()];
const LENGTH = 24_000;
const CHARACTERS = [...'aA0/.-_ "\'\\:=,*{}[]()|\n\t<>#&%+;@~!?$'];

/** Characters that an expression holds itself are likelier to pump it. */
function pumpsOf({ text }: Expression): readonly string[] {
  const own = CHARACTERS.filter((character) => text.includes(character));
  return [...CHARACTERS, ...own.slice(0, 8).flatMap((one) => own.slice(0, 8).map((other) => one + other))];
}

/** By far more than linear time takes, and less than quadratic time. */
const SLOW_MS = 20;

function milliseconds({ regex }: Expression, text: string): number {
  const begin = process.hrtime.bigint();
  regex.lastIndex = 0;
  text.replace(regex, '');
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

/** Whatever is slow by chance isn't slow five times. */
function isSlow(expression: Expression): boolean {
  return pumpsOf(expression).some((pump) => {
    const text = `${pump.repeat(LENGTH / pump.length)}\u0001`;
    return Array.from({ length: 5 }).every(() => milliseconds(expression, text) > SLOW_MS);
  });
}

test('takes no more than linear time', () => {
  expect(EXPRESSIONS.length).toBeGreaterThan(300);
  const unique = [...new Map(EXPRESSIONS.map((one) => [`${one.file} ${one.text}`, one])).entries()];
  const slow = unique.filter(([, one]) => isSlow(one)).map(([name]) => name);
  expect(slow.sort()).toEqual(Object.keys(BOUNDED).sort());
});

test('expressions that are made of texts are among them, but those of schemas, which are tried apart, and of names and path templates that were checked before', () => {
  const made = new Set(MADE.map(({ file }) => file));
  expect(MAKING.filter((file) => !made.has(file))).toEqual([
    'admission/structure/constraints.ts', 'mesh/authorization/request.ts', 'mesh/compare/footprint.ts', 'migration/trust-domain/names.ts',
  ]);
});

describe('where an expression took minutes', () => {
  test.each<[string, () => unknown]>([
    ['a key set of quotes', () => readKeySet(`{"${'\\"'.repeat(1_000_000)}`)],
    ['a path template of slashes', () => judgePathTemplate(new Objections(), `${'/'.repeat(1_000_000)}{*}`)],
    ['a path of slashes', () => judgePathTemplate(new Objections(), `a${'/'.repeat(1_000_000)}a`)],
  ])('%s takes none', (_, judge) => {
    const begin = Date.now();
    judge();
    expect(Date.now() - begin).toBeLessThan(2000);
  });
});
