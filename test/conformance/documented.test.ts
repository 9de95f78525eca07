import { documentedLines, linesOf } from '../../conformance/documented/lines';
import { RECIPES } from '../../conformance/documented/recipes';

const texts = documentedLines().map(({ text }) => text);

test('each documented command line has exactly one recipe, with trials', () => {
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter((text) => RECIPES.filter(({ pattern }) => pattern.test(text)).length !== 1)).toEqual([]);
  expect(RECIPES.filter(({ trials }) => trials.length === 0)).toEqual([]);
});

test('each recipe has a line', () => {
  expect(RECIPES.filter(({ pattern }) => !texts.some((text) => pattern.test(text)))).toEqual([]);
});

test('each command line that checks a rendered release also runs on a broken mesh', () => {
  const judging = texts.filter((text) => /^(helm template shop|kustomize build) .*\| istio-mtls /.test(text));
  expect(judging.length).toBeGreaterThan(5);
  expect(judging.filter((text) => !RECIPES.find(({ pattern }) => pattern.test(text))!.trials.some(({ status }) => status === 1))).toEqual([]);
});

test.each([
  ['a line of a fence', '```\nhelm template a ./b | istio-mtls check -\n```', ['helm template a ./b | istio-mtls check -']],
  ['behind a prompt, with a comment', '```console\n$ kubectl get pods # all\n```', ['kubectl get pods']],
  ['in output', '```text\n  see   it\n          kubectl get pods -A | grep x\n```', ['kubectl get pods -A | grep x']],
  ['a step of a job, in quotes', "```yaml\n  script:\n    - 'curl -d \"a\" \"$b\"'\n```", ['curl -d "a" "$b"']],
  ['behind another program', '```sh\ncd x && kustomize build y\n```', ['cd x && kustomize build y']],
  ['in a sentence, over two lines', 'Ask `kubectl get pods\n-A`, then', ['kubectl get pods -A']],
  ['in a cell of a table', '| `kubectl get pods \\| head` |', ['kubectl get pods | head']],
  ['in a comment of a program', '```ts\n// such as `kubectl get pods -A` prints\n```', ['kubectl get pods -A']],
  ['no name of a program', 'what `helm template` and `kubectl get` print, and curl says', []],
  ['no format that is spoken of', 'what `kubectl get -o yaml` prints', []],
])('%s', (_about, page, expected) => {
  expect(linesOf('a.md', page).map(({ text }) => text)).toEqual(expected);
});
